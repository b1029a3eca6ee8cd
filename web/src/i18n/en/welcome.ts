export default {
  title: 'First steps',
};
