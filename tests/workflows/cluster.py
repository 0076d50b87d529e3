"""One run in eight shards on Kubernetes: executes the commands of the manifests as their pods would."""

import concurrent.futures
import os
import time

import fake_forges
import rig
import scratch
import shards
import shards_lint

PUSH_TOKEN = "token-that-pushes"


class Cluster:
    """Runs pods: folders for their volumes, their variables, and the machine's own commands."""

    def __init__(self, folder, arkib, settings, secrets):
        self.folder, self.settings, self.pods = folder, settings, 0
        self.claims = folder / "claims"
        self.bin = folder / "bin"
        self.bin.mkdir(parents=True)
        (self.bin / "arkib").symlink_to(arkib)
        for name, token in secrets.items():
            # Through two links, as Kubernetes mounts them.
            place = folder / "secrets" / name
            (place / "..once").mkdir(parents=True)
            (place / "..once" / "token").write_text(token)
            (place / "..data").symlink_to("..once")
            (place / "token").symlink_to("..data/token")

    @property
    def data(self):
        return self.claims / "arkib"

    def run(self, job, index=None):
        """Runs one pod of a job; returns its status and output. The first container that fails ends it."""
        # Concurrent pods may have the same number, but not the same index.
        self.pods += 1
        home = self.folder / f"pod-{self.pods}-{index}"
        pod = job["spec"]["template"]["spec"]
        volumes = {volume["name"]: self._volume(home, volume) for volume in pod["volumes"]}
        said = ""
        for container in [*pod["initContainers"], *pod["containers"]]:
            places = {mount["mountPath"]: volumes[mount["name"]] for mount in container["volumeMounts"]}
            pod_name = f"{job['metadata']['name']}-{home.name}"
            env = {entry["name"]: self._value(entry, places, pod_name) for entry in container["env"]}
            if index is not None:
                env["JOB_COMPLETION_INDEX"] = str(index)
            path = os.pathsep.join(map(str, (self.bin, *scratch.machine_path())))
            env = rig.clean_environment(PATH=path, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null") | env
            done = rig.run([*container["command"], *container["args"]], env, home)
            said += done.stdout + done.stderr
            if done.returncode:
                return done.returncode, said
        return 0, said

    def _volume(self, home, volume):
        if "secret" in volume:
            return self.folder / "secrets" / volume["secret"]["secretName"]
        claim = volume.get("persistentVolumeClaim")
        place = self.claims / claim["claimName"] if claim else home / volume["name"]
        place.mkdir(parents=True, exist_ok=True)
        return place

    def _value(self, entry, places, pod_name):
        if "value" not in entry:
            if entry["valueFrom"] == {"fieldRef": {"fieldPath": "metadata.name"}}:
                return pod_name
            asked = entry["valueFrom"]["configMapKeyRef"]
            return self.settings[asked["name"]][asked["key"]]
        value = entry["value"]
        if not value.startswith("/"):
            return value
        for mounted, place in places.items():
            if value == mounted or value.startswith(mounted + "/"):
                return str(place) + value.removeprefix(mounted)
        raise ValueError(f"{entry['name']} is {value}, which nothing is mounted at")


def suite(tally, arkib, agency, folder):
    jobs = shards_lint.jobs(agency.parent / "shards" / "kubernetes")
    world = shards.World(arkib, scratch.Repository(folder / "repository", shards.World.example(agency, folder)))
    forge = fake_forges.Forge("github", world.repository.origin, {PUSH_TOKEN: {"read", "push"}})
    with (
        scratch.portal(arkib, folder / "portal", shards.roster()) as portal,
        scratch.portal(arkib, folder / "other", shards.roster()) as other,
        forge.serve(),
    ):
        settings = {"arkib": {"portal-url": portal.url, "repository-url": f"{forge.url}/jabatan-contoh/permohonan-arkib.git"}}
        secrets = {"arkib-portal": portal.WRITE, "arkib-portal-read": portal.READ, "arkib-git-read": PUSH_TOKEN, "arkib-git-push": PUSH_TOKEN}
        cluster = Cluster(folder / "cluster", arkib, settings, secrets)
        _night(tally, cluster, jobs, world, portal, other, folder)
        tally.equal("no token had to be refused", portal.refused + forge.refused, [])


def _night(tally, cluster, jobs, world, portal, other, folder):
    plan, parts, file = (jobs[name] for name in ("arkib-plan", "arkib-parts", "arkib-file"))
    count = parts["spec"]["completions"]
    world.begin()

    def at_once(*indexes):
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            return dict(zip(indexes, pool.map(lambda index: cluster.run(parts, index), indexes)))

    status, said = cluster.run(parts, 0)
    tally.check("without a plan a part does nothing, and says why", status == 1 and "There is no plan" in said and not portal.writes, said)
    status, said = cluster.run(plan)
    tally.equal("the plan is made, with the token that reads", (status, portal.writes), (0, [])) or print(said)

    # A request merged in the meantime may take back what the plan does.
    world.ask(13, "enable", ["rosli"], "later")
    status, said = cluster.run(parts, 0)
    tally.check("requests changed since the plan: a part refuses it", status == 4 and "the requests have changed since the plan was made" in said and not portal.writes, said)
    tally.equal("the next night there is another", cluster.run(plan)[0], 0)

    dies, refused = shards.DIES - 1, shards.of(shards.REFUSED) - 1
    portal.refuses = [shards.REFUSED]
    done = at_once(*(index for index in range(count) if index != dies))
    portal.refuses = []
    expected = {index: 3 if index == refused else 0 for index in done}
    tally.equal("all parts but one at once: one is partly done, the others are", {index: status for index, (status, _) in done.items()}, expected) or print(done)

    status, said = cluster.run(file)
    tally.equal("records that a part may still write to are not filed", (status, world.records.read()), (0, [])) or print(said)
    _grow_old(cluster.data / "records")
    status, said = cluster.run(file)
    left = [index + 1 for index in range(count) if index != dies]
    tally.equal("later they are, and the part that never began shows", (status, world.listed()), (0, left)) or print(said)
    tally.equal("in one commit, and they verify", (world.commits(), world.records.verify()), (1, 0))

    made = [path.read_text() for path in scratch.kept(world.records.folder) if path.suffix == ".jsonl"]
    tally.check("each says which pod it is of", made and all('"arkib-parts-' in record for record in made))

    again = at_once(dies, refused)
    tally.equal("the part that never began, and the second try of the other, pass", [status for status, _ in again.values()], [0, 0]) or print(again)
    status, said = world.one(other, folder)
    tally.equal("the portal is what a run of one makes of it", (status, shards.states(portal)), (0, shards.states(other))) or print(said)

    _grow_old(cluster.data / "records")
    before = set(world.records.read())
    status, said = cluster.run(file)
    tally.equal("their records are filed, too, and the others are as they were", (status, before <= set(world.records.read()), world.listed()), (0, True, sorted([*left, dies + 1, refused + 1]))) or print(said)
    tally.equal("in one more commit, and all verify", (world.commits(), world.records.verify()), (2, 0))
    status, said = cluster.run(file)
    tally.equal("filed again, there is nothing to do", (status, world.commits()), (0, 2)) or print(said)

    world.ask(12, "terminate", shards.TOO_MANY, "many")
    status, said = cluster.run(plan)
    tally.equal("over the limits: the plan ends with 4, and leaves none", (status, (cluster.data / "plan").exists()), (4, False)) or print(said)
    portal.writes.clear()
    tally.equal("so that no part does anything", (cluster.run(parts, 0)[0], portal.writes), (1, []))


def _grow_old(records):
    past = time.time() - 3 * 3600
    for path in records.iterdir():
        os.utime(path, (past, past))
