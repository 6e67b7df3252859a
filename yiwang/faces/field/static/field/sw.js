// The service worker: the shell of the app by its content hash, and sending in the background.
// The server writes SHELL ({version, page, files}) before this text and, where workers can be modules, `sync`.
// Nothing personal is ever in these caches: what a person reads lies sealed in the app's own store.

const CACHE = `field-shell-${SHELL.version}`;
const MAP = "field-map";

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll([SHELL.page, ...SHELL.files].map((url) => new Request(url, { cache: "reload" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("field-shell-") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === SHELL.page) event.respondWith(fromShell(SHELL.page, request));
  } else if (SHELL.files.includes(url.pathname)) {
    event.respondWith(fromShell(url.pathname, request));
  } else if (url.pathname.startsWith("/map/") && url.pathname.endsWith(".json")) {
    event.respondWith(fromMap(event, request));
  }
});

async function fromShell(url, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(url, { ignoreVary: true })) ?? fetch(request);
}

// What is kept at once, and a newer one for the next time.
async function fromMap(event, request) {
  const cache = await caches.open(MAP);
  const there = await cache.match(request, { ignoreVary: true });
  const newer = fetch(request).then(async (response) => {
    if (response.ok) await cache.put(request, response.clone());
    return response;
  });
  if (!there) return newer;
  event.waitUntil(newer.catch(() => {}));
  return there;
}

self.addEventListener("sync", (event) => {
  if (event.tag !== "queue" || !self.sendQueue) return;
  event.waitUntil(self.sendQueue().then(({ state }) => {
    if (state === "offline") throw new Error("no network yet: the browser tries again");
  }));
});
