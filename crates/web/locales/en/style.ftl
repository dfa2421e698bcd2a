# The living style page.
style-title = Style
style-colour = Colour
style-states = States
style-states-help = Word, shape, ground, colour, in that order. The second row is the same in grey.
style-type = Type
style-buttons = Buttons
style-fields = Fields
style-marks = Channels, people, choices
style-messages = Messages
style-surfaces = Surfaces
