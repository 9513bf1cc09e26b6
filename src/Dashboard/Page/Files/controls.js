// The console's commands as buttons. Each asks before it is given.
import { element } from "./format.js";
import { command } from "./stream.js";

const get = id => document.getElementById(id);
const names = { pause: "Pause", resume: "Resume", checkpoint: "Checkpoint", stop: "Stop", set: "Change a setting…" };
const short = key => key.slice(key.lastIndexOf(".") + 1);

export class Controls {
  constructor(token) {
    this.token = token;
    this.key = null;
    get("dialog-no").addEventListener("click", () => get("dialog").close());
    get("dialog-yes").addEventListener("click", () => this.confirmed());
    get("dialog-fields").addEventListener("keydown", event => {
      if (event.key !== "Enter") return;
      // The key would go on to the button that has the focus again, and ask once more.
      event.preventDefault();
      this.confirmed();
    });
  }

  show(run) {
    const facts = run?.facts;
    const wanted = facts?.commands ?? [];
    const key = JSON.stringify([run?.name, wanted.map(one => one.name), facts?.console, facts?.status, facts?.standby]);
    this.run = run;
    if (key !== this.key) {
      if (this.name !== run?.name) get("answer").textContent = "";
      this.name = run?.name;
      this.key = key;
      this.buttons(wanted, facts);
    }
    for (const button of get("controls").querySelectorAll("button")) {
      const off = (button.value === "pause" && facts.isHeld === true) || (button.value === "resume" && facts.isHeld !== true);
      button.setAttribute("aria-disabled", String(off));
    }
  }

  buttons(wanted, facts) {
    const box = get("controls");
    const focused = box.contains(document.activeElement) ? document.activeElement.value : null;
    box.replaceChildren();
    for (const one of wanted) {
      const button = element("button", names[one.name] ?? one.name, box, { value: one.name, title: one.summary });
      button.addEventListener("click", () => { if (button.getAttribute("aria-disabled") !== "true") this.ask(one); });
      if (one.name === focused) button.focus();
    }
    if (!facts || wanted.length > 0) return;
    const why = facts.console === "silent" ? "The console of the run does not answer; asked again in some seconds."
      : facts.status === "running" ? "No console answers for this run: train with --dashboard or --console to steer it from here."
        : facts.standby ? `No learner leads the run now: the standby ${facts.standby} takes it over, usually within 15 s. `
          + `If it is gone, too, 'involute resume ${this.name}' goes on.`
        : facts.status === "finished" ? null
          : `Not running: 'involute resume ${this.name}' goes on with it.`;
    if (why) element("p", why, box, { className: "hint" });
  }

  ask(one) {
    this.asked = { run: this.name, name: one.name };
    get("dialog-title").textContent = one.question;
    get("dialog-text").textContent = `Run ${this.name}: ${one.summary}.`;
    get("dialog-yes").textContent = one.name === "set" ? "Change it" : names[one.name] ?? one.name;
    const fields = get("dialog-fields");
    fields.replaceChildren();
    if (one.name === "set") this.fields(fields);
    get("dialog").showModal();
    (fields.querySelector("select, input") ?? get("dialog-no")).focus();
  }

  fields(box) {
    const keyLabel = element("label", "Setting ", box);
    const settings = this.run.facts.settings;
    this.setting = element("select", undefined, keyLabel);
    for (const one of settings) element("option", `${short(one.key)} (now ${one.value})`, this.setting, { value: one.key });
    this.setting.value = settings.find(one => short(one.key) === "learning-rate")?.key ?? settings[0]?.key ?? "";
    const valueLabel = element("label", "New value ", box);
    this.value = element("input", undefined, valueLabel, { inputMode: "decimal", autocomplete: "off", spellcheck: false });
    this.value.placeholder = "such as 0.001";
  }

  async confirmed() {
    const { run, name } = this.asked;
    const words = [name];
    if (name === "set") {
      const value = this.value.value.trim();
      if (value === "") { this.value.focus(); return; }
      words.push(this.setting.value, value);
    }
    get("dialog").close();
    const box = get("answer");
    const what = words.length > 1 ? `${short(words[1])} ${words[2]}` : names[name] ?? name;
    box.textContent = `${what}: asked`;
    try {
      const { done, answer } = await command(this.token, run, words);
      box.textContent = `${what}: ${done ? "done" : "not done"}${answer && (words.length > 1 || !done) ? `: ${answer}` : ""}`;
    } catch (error) {
      box.textContent = `${what}: the process that serves this page does not answer`;
    }
  }
}
