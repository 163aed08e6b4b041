/** The page with phones side by side. */
