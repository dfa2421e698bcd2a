connect-stale = Ce formulaire est trop ancien ou a été modifié en route. Rien n’a été connecté. Recommencez.
not-found-channel = Ce canal n’existe pas dans cette marque.
not-found-network = Ce réseau ne peut pas être connecté ici.
channel-needs-login = Le réseau a déconnecté ce canal. Ses publications attendent et rien n’est perdu. Reconnectez-le.
channel-was-removed = Ce canal a été retiré de la marque. Ce qui y était prévu attend et rien n’est perdu. Reconnectez le même profil, ou annulez.
login-cannot-refresh = La connexion de ce canal ne peut pas être renouvelée sans vous. Ses publications attendent et rien n’est perdu. Reconnectez-le.
channel-login-ends = La connexion de ce canal prend fin : { $at }. Reconnectez-le d’ici là, et aucune publication n’attendra.
