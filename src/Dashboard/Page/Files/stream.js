// Server-sent events over fetch, because the token goes in a header, which EventSource cannot send. It connects again by itself, and
// rests while the page is not seen.
const key = "involute-token";
const waits = [500, 1000, 2000, 3000, 5000];

export function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1));
  if (given.has("token")) {
    sessionStorage.setItem(key, given.get("token"));
    given.delete("token");
    history.replaceState(null, "", given.size > 0 ? `#${given}` : location.pathname);
  }
  return sessionStorage.getItem(key) ?? "";
}

export async function command(token, run, words) {
  const answer = await fetch("/api/command", {
    method: "POST",
    headers: { "X-Involute-Token": token, "Content-Type": "application/json" },
    body: JSON.stringify({ run, words }),
  });
  return answer.ok ? await answer.json() : { done: false, answer: (await answer.text()).trim() };
}

export class Stream {
  constructor(token, handlers) {
    this.token = token;
    this.handlers = handlers;
    this.names = [];
    this.failures = 0;
    document.addEventListener("visibilitychange", () => this.open());
  }

  listen(names) {
    this.names = names;
    this.open();
  }

  open() {
    this.abort?.abort();
    clearTimeout(this.timer);
    if (document.hidden) return;
    this.abort = new AbortController();
    this.read(this.abort.signal);
  }

  async read(signal) {
    let problem = null;
    try {
      const query = this.names.map(name => `run=${encodeURIComponent(name)}`).join("&");
      const answer = await fetch(`/api/events?${query}`, { headers: { "X-Involute-Token": this.token }, signal });
      if (answer.ok) {
        this.failures = 0;
        this.handlers.open();
        await this.events(answer.body.pipeThrough(new TextDecoderStream()).getReader());
      } else {
        problem = { status: answer.status, text: (await answer.text()).trim() };
      }
    } catch (error) {
      if (signal.aborted) return;
      console.info(String(error));
    }
    if (signal.aborted) return;
    const wait = waits[Math.min(this.failures++, waits.length - 1)];
    this.handlers.lost(problem);
    this.timer = setTimeout(() => this.open(), wait);
  }

  async events(reader) {
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      text += value;
      let end;
      while ((end = text.indexOf("\n\n")) >= 0) {
        const lines = text.slice(0, end).split("\n");
        text = text.slice(end + 2);
        const name = lines.find(line => line.startsWith("event: "))?.slice(7);
        const data = lines.find(line => line.startsWith("data: "))?.slice(6);
        if (name && data) this.handlers.event(name, JSON.parse(data));
      }
      this.handlers.told();
    }
  }
}
