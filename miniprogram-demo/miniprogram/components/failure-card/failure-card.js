// A readable message for an error: <failure-card failure="{{failure}}" bind:retry="onRetry" />
Component({
  properties: {
    failure: { type: Object, value: null },
  },
  methods: {
    onRetry() {
      this.triggerEvent('retry');
    },
  },
});
