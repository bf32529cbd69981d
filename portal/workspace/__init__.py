"""The signed-in rooms: organisations keep their listings (keeping), come in and leave (arriving), answer letters
(answering), and the directory's own people look after all of it (administering). Writes go through directory.actions.
"""
