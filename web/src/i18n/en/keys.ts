export default {
  title: 'Keys',
};
