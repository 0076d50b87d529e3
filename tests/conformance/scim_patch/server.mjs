// A portal in JavaScript with scim-patch and scim2-parse-filter, in memory, on loopback: node server.mjs PORT TOKEN PAGE.
// The mailbox is an attribute of its own, the archive is a number, filters distinguish case, and changes come back whole.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import filters from "scim2-parse-filter";
import patches from "scim-patch";

const [port, token, page] = process.argv.slice(2);
const MESSAGES = "urn:ietf:params:scim:api:messages:2.0:";
const SCHEMAS = "urn:ietf:params:scim:schemas:";
const EXTENSION = "urn:example:params:scim:schemas:extension:kakitangan:2.0:Mel";

const users = new Map();

class Refusal extends Error {
    constructor(status, detail, scimType) {
        super(detail);
        Object.assign(this, { status, scimType });
    }
}

const attribute = (name, type = "string", rest = {}) => ({
    name, type, multiValued: false, description: name, required: false, caseExact: true, mutability: "readWrite",
    returned: "default", uniqueness: "none", ...rest,
});

const documents = {
    ServiceProviderConfig: {
        schemas: [`${SCHEMAS}core:2.0:ServiceProviderConfig`],
        patch: { supported: true },
        bulk: { supported: true, maxOperations: 50, maxPayloadSize: 100000 },
        filter: { supported: true, maxResults: Number(page) },
        changePassword: { supported: false },
        sort: { supported: false },
        etag: { supported: true },
        authenticationSchemes: [{ type: "oauthbearertoken", name: "Bearer", description: "A bearer token" }],
    },
    Schemas: listOf([
        {
            id: `${SCHEMAS}core:2.0:User`,
            name: "User",
            attributes: [attribute("userName"), attribute("displayName"), attribute("title"), attribute("active", "boolean")],
        },
        {
            id: EXTENSION,
            name: "Mel",
            attributes: [
                attribute("alamat", "string", { mutability: "readOnly", uniqueness: "server" }),
                attribute("arkib", "integer"),
                attribute("ditahan", "boolean", { mutability: "readOnly" }),
                attribute("akaun"),
                attribute("permohonan"),
                attribute("diubah", "dateTime"),
                attribute("disimpan", "dateTime"),
            ],
        },
    ]),
    ResourceTypes: listOf([
        {
            id: "User",
            name: "User",
            endpoint: "/Users",
            schema: `${SCHEMAS}core:2.0:User`,
            schemaExtensions: [{ schema: EXTENSION, required: true }],
        },
    ]),
};

function listOf(found, total = found.length, startIndex = 1) {
    return { schemas: [`${MESSAGES}ListResponse`], totalResults: total, startIndex, itemsPerPage: found.length, Resources: found };
}

const address = (user) => user[EXTENSION].alamat.toLowerCase();

function kept(user, before) {
    const now = new Date().toISOString();
    const version = Number(before?.meta.version.replaceAll('"', "") ?? 0) + 1;
    user.meta = {
        resourceType: "User",
        created: before?.meta.created ?? now,
        lastModified: now,
        version: `"${version}"`,
        location: `/Users/${user.id}`,
    };
    users.set(user.id, user);
    return [before ? 200 : 201, user];
}

function create(user) {
    if ([...users.values()].some((other) => address(other) === address(user))) {
        throw new Refusal(409, "that address is taken", "uniqueness");
    }
    return kept({ ...user, id: randomUUID() });
}

function read(id) {
    if (!users.has(id)) {
        throw new Refusal(404, "no such user");
    }
    return users.get(id);
}

function patch(id, body, version) {
    const before = read(id);
    if (version && version !== "*" && version !== before.meta.version) {
        throw new Refusal(412, "it has changed since");
    }
    try {
        patches.patchBodyValidation(body);
        return kept(patches.scimPatch(before, body.Operations, { mutateDocument: false }), before);
    } catch (error) {
        throw new Refusal(400, error.message, error.scimCode);
    }
}

function list(query) {
    let found = [...users.values()];
    if (query.has("filter")) {
        try {
            found = found.filter(filters.filter(filters.parse(query.get("filter"))));
        } catch (error) {
            throw new Refusal(400, error.message, "invalidFilter");
        }
    }
    const start = Math.max(1, Number(query.get("startIndex") ?? 1));
    const count = Math.min(Number(page), Number(query.get("count") ?? page));
    return [200, listOf(found.slice(start - 1, start - 1 + count), found.length, start)];
}

function bulk(body) {
    const Operations = body.Operations.map(({ method, path, bulkId, version, data }) => {
        try {
            const [status, user] = answer(method, new URL(path, "http://portal"), data, version);
            return { method, bulkId, location: path, version: user?.meta.version, status: String(status) };
        } catch (error) {
            return { method, bulkId, location: path, status: String(error.status), response: problem(error) };
        }
    });
    return [200, { schemas: [`${MESSAGES}BulkResponse`], Operations }];
}

function answer(method, url, body, version) {
    const [, resource, id] = url.pathname.match(/^\/(\w+)(?:\/([^/]+))?$/) ?? [];
    switch (`${method} ${resource}${id ? "/" : ""}`) {
        case "GET Users": return list(url.searchParams);
        case "POST Users": return create(body);
        case "GET Users/": return [200, read(id)];
        case "PATCH Users/": return patch(id, body, version);
        case "DELETE Users/": return [users.delete(read(id).id) ? 204 : 404];
        case "POST Bulk": return bulk(body);
    }
    if (method === "GET" && resource in documents) {
        return [200, documents[resource]];
    }
    throw new Refusal(404, "no such resource");
}

function problem({ status = 500, message, scimType }) {
    return { schemas: [`${MESSAGES}Error`], status: String(status), detail: message, scimType };
}

createServer(async (request, response) => {
    let status, content;
    try {
        const parts = [];
        for await (const part of request) {
            parts.push(part);
        }
        if (request.headers.authorization !== `Bearer ${token}`) {
            throw new Refusal(401, "no such token");
        }
        const body = parts.length ? JSON.parse(Buffer.concat(parts)) : undefined;
        [status, content] = answer(request.method, new URL(request.url, "http://portal"), body, request.headers["if-match"]);
    } catch (error) {
        [status, content] = [error.status ?? 500, problem(error)];
    }
    response.statusCode = status;
    response.setHeader("Content-Type", "application/scim+json");
    if (content?.meta?.version) {
        response.setHeader("ETag", content.meta.version);
    }
    response.end(content && JSON.stringify(content));
}).listen(Number(port), "127.0.0.1");
