export default {
  title: 'Calls',
};
