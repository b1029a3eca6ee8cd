export default {
  title: 'Errors',
};
