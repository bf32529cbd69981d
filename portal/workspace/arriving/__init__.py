"""How people come to an organisation and leave it: claims, invitations, team, handing over."""
