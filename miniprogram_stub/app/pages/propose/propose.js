const { definePage } = require('../../lib/page.js');

definePage({});
