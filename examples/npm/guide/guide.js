/* A way in words, step by step: `this.selectComponent('#guide').show(bundle, from, to, options)`. */
Component({
  data: { overview: '', steps: [], notices: [], at: 0, error: '' },

  methods: {
    /** `from` and `to` are queries or spots; `options` are those of `bundle.route`, and `language`.
     * Returns the route, or null after the event `refused` with the `code` of the error. */
    show(bundle, from, to, options) {
      const wanted = options || {};
      try {
        const route = bundle.route(from, to, wanted);
        const told = bundle.tell(route, wanted.language || bundle.languages[0]);
        this.setData({
          overview: told.overview.text, at: 0, error: '',
          steps: told.instructions.map((one, number) => ({
            number: number, text: one.text, speech: one.speech, level: bundle.levels[one.level].label,
          })),
          notices: told.notices.map((one) => one.text),
        });
        return route;
      } catch (error) {
        this.setData({ overview: '', steps: [], notices: [], at: 0, error: error.message });
        this.triggerEvent('refused', { code: error.code, text: error.message });
        return null;
      }
    },

    /** A step was touched: the event `step` has its `number`, `text` and `speech`. */
    touch(event) {
      const at = Number(event.currentTarget.dataset.number);
      this.setData({ at: at });
      this.triggerEvent('step', this.data.steps[at]);
    },
  },
});
