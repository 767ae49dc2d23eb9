// What the notebook's controls expect of their notebook, in a page without one: anywidget's model, and no kernel.

export class Model {
  /** `receive(content, buffers)` gets what the control sends. */
  constructor(values, receive = () => {}) {
    this.values = values;
    this.receive = receive;
    this.listeners = new Map();
  }
  get(name) {
    return this.values[name];
  }
  set(name, value) {
    if (this.values[name] === value) return;
    this.values[name] = value;
    for (const act of this.listeners.get(`change:${name}`) ?? []) act();
  }
  /** Set several; the last one is what the control waits for. */
  fill(values) {
    for (const [name, value] of Object.entries(values)) this.set(name, value);
  }
  save_changes() {}
  send(content, _, buffers = []) {
    this.receive(content, buffers);
  }
  on(events, act) {
    for (const event of events.split(" ")) this.listeners.set(event, [...(this.listeners.get(event) ?? []), act]);
  }
  off(events, act) {
    for (const event of events.split(" ")) {
      this.listeners.set(event, (this.listeners.get(event) ?? []).filter((one) => one !== act));
    }
  }
}
