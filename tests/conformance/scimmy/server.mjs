// A portal in JavaScript (scimmy), in memory, on loopback: node server.mjs PORT TOKEN PAGE. It differs from arkib's own
// extension in all that it may: the mailbox is the primary e-mail address, the archive is true or false, the account
// is core `active`, nothing tells which request was the reason, and If-Match is not heeded.

import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const [port, token, page] = process.argv.slice(2);
const EXTENSION = "urn:ietf:params:scim:schemas:extension:staff:2.0:MailService";
const { Attribute, SchemaDefinition } = SCIMMY.Types;

const extension = new SchemaDefinition("MailService", EXTENSION, "Value-added services of a mailbox", [
    new Attribute("boolean", "archive", { description: "Whether the mailbox has an archive" }),
    new Attribute("boolean", "litigationHold", { description: "Whether the mailbox is on legal hold" }),
    new Attribute("dateTime", "archiveChanged", { description: "When the archive was last changed" }),
    new Attribute("dateTime", "archiveKeptUntil", { description: "Until when a removed archive is kept" }),
]);

const users = new Map();

SCIMMY.Config.set("filter", { supported: true, maxResults: Number(page) });
SCIMMY.Resources.declare(SCIMMY.Resources.User)
    .extend(extension, false)
    .ingress((resource, data) => {
        const now = new Date().toISOString();
        const id = resource.id ?? randomUUID();
        const before = users.get(id);
        if (resource.id && !before) {
            throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
        }
        const user = { ...JSON.parse(JSON.stringify(data)), id };
        const had = before?.[EXTENSION]?.archive;
        const has = user[EXTENSION]?.archive;
        if (before && had !== has) {
            user[EXTENSION].archiveChanged = now;
        }
        user.meta = { created: before?.meta.created ?? now, lastModified: now };
        users.set(id, user);
        return user;
    })
    .egress((resource) => {
        if (resource.id) {
            return users.get(resource.id) ?? Promise.reject(new SCIMMY.Types.Error(404, null, "No such user"));
        }
        // The library cuts pages; the largest is this server's own.
        if (resource.constraints?.count !== undefined) {
            resource.constraints.count = Math.min(resource.constraints.count, Number(page));
        }
        const all = [...users.values()];
        return resource.filter ? resource.filter.match(all) : all;
    })
    .degress((resource) => users.delete(resource.id));

const routers = new SCIMMYRouters({
    type: "bearer",
    docUri: "https://portal.agensi.example/bantuan",
    handler: (request) => {
        if (request.header("Authorization") !== `Bearer ${token}`) {
            throw new Error("no such token");
        }
        return "arkib";
    },
});
express().use("/scim", routers).listen(Number(port), "127.0.0.1");
