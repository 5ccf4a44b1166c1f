/** The keys and what they do. Ctrl is Cmd on a Mac. */
export const shortcuts = [
  {
    place: "anywhere",
    keys: [
      ["Ctrl+Enter", "Run the query, or what is selected"],
      ["Ctrl+Shift+Enter", "Run into a Data Extension"],
      ["Shift+Esc", "Stop"],
      ["Ctrl+K", "Commands and data"],
      ["Ctrl+B", "Show or hide the data"],
      ["F6", "Next pane; with Shift the one before"],
      ["Alt+1 … 9", "Tab 1 to 9"],
      ["Alt+N", "New query"],
      ["Alt+W", "Close the query"],
      ["?", "This list"],
    ],
  },
  {
    place: "tabs",
    keys: [
      ["← →", "The tab before, the next one"],
      ["Shift+Alt+← →", "Move the tab"],
      ["F2", "Rename"],
      ["Delete", "Close"],
    ],
  },
  {
    place: "editor",
    keys: [
      ["Ctrl+Space", "Complete"],
      ["F8", "Next remark; with Shift the one before"],
      ["Ctrl+.", "Mend the place"],
      ["F1", "What the word means"],
      ["Shift+Alt+F", "Format"],
      ["Ctrl+/", "Comment"],
      ["Ctrl+F", "Find"],
      ["Esc, Tab", "Leave the editor"],
    ],
  },
  {
    place: "grid",
    keys: [
      ["Arrows", "Move; with Shift select"],
      ["Ctrl+A", "Select all"],
      ["Ctrl+Space", "Select the column"],
      ["Shift+Space", "Select the row"],
      ["Ctrl+C", "Copy"],
      ["Ctrl+Shift+C", "Copy with header"],
      ["Space", "Show the whole value"],
      ["Alt+← →", "Turn the page"],
      ["Enter on a head", "Sort all rows"],
      ["Shift+F10", "Menu"],
    ],
  },
  {
    place: "tree",
    keys: [
      ["Arrows", "Move, open, close"],
      ["Letters", "Go to a name"],
      ["Enter", "Insert into the query"],
      ["Space", "Preview rows"],
      ["Ctrl+C", "Copy the name"],
    ],
  },
] as const;
