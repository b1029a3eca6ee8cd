export default {
  title: 'Status',
};
