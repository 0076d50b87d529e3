# The settings of the environment: variables, and the files that they name.

setting-empty = { $name } is empty
setting-unset = { $name } is not set
setting-unset-help = set { $name } to { $what }
setting-empty-help = set it, or remove it; an unset CI secret often looks like this
setting-file-empty-help = set { $variable } to the path of a file, or remove it; an unset CI variable often looks like this
setting-file-unread = the file that { $variable } names cannot be read: { $error }
setting-file-unread-help = check the path and its permissions

# A secret.
setting-secret-empty-help = set { $variable } or { $file }; an unset CI secret often looks like this
setting-secret-file-empty-help = set { $file } to the path of the file that holds { $name }; an unset CI secret often looks like this
setting-no-token = { $name } contains a character that is not allowed in a token (a space, a line break, a control character or a letter beyond ASCII)
setting-no-token-help = copy the token again, alone on one line
setting-lines = { $name } contains a line break, a control character or bytes that are not text (UTF-8)
setting-lines-help = copy it again, alone on one line
setting-both = both { $variable } and { $file } are set
setting-both-help = set one of them only, so that it is clear which is used
setting-neither = neither { $variable } nor { $file } is set
setting-neither-help = set { $variable } to { $name }, or { $file } to a file that holds it
setting-portal-token = the portal's token
setting-client-secret = the client secret
setting-password = the password
setting-comment-token = the token for the comment
setting-records-token = the token for the records
setting-token = the token
setting-message = the message

# An address.
setting-portal-address = the portal's address
setting-token-address = the token endpoint's address
setting-alert-address = the alert address
setting-api-address = the address of the forge's API
setting-mail-address = the address in { $variable }
setting-alert-example = https://host/hooks/… or mailto:address
setting-portal-instead = the token goes into { $token } or { $file }, a user's name into { $user }
setting-client-instead = the client's name goes into { $id }, its secret into { $secret } or { $file }
setting-alert-instead = the secret of a webhook is in its path
setting-api-instead = the token goes into { $token }
setting-no-url = { $what } is not a URL: { $error }
setting-url-help = write { $variable } as { $example }
setting-url-login = { $what } has a user name or password in it
setting-url-login-help = remove the part before the @ from { $variable }; { $instead }
setting-url-part = { $what } has a { $part ->
    [hash] #
   *[both] ? or #
  } part
setting-url-part-help = write { $variable } without it, such as { $example }
setting-plain-http = { $what } is plain http, which would show { $secret } to others on the network
setting-plain-http-help = write { $variable } with https://; plain http is allowed for this machine only
setting-no-https = { $what } does not start with https://

# The way to a server.
setting-proxy = the proxy that { $name } names cannot be used: { $why }
setting-proxy-help = write { $name } as http://host:port or http://user:password@host:port (special characters percent-encoded), or name the host in NO_PROXY and remove { $name }
setting-proxy-socks = arkib supports HTTP proxies only, not SOCKS
setting-proxy-address = it is not a valid proxy address
setting-no-client = the HTTPS client cannot be set up: { $why }
setting-no-client-help = check that the system's root certificates are installed (package ca-certificates)

# Certificates and keys.
setting-key-alone = { $key } is set, but { $cert } is not
setting-key-alone-help = set { $cert } to a file with the certificate that belongs to the key
setting-no-key = the file that { $place } names holds no private key
setting-no-key-help = set { $key } to a PEM file with the key of the certificate in { $cert }
setting-several-keys = the files that { $cert } and { $key } name hold several private keys
setting-several-keys-help = keep only the key that belongs to the certificate
setting-other-key = the private key in { $place } does not belong to the first certificate in { $cert }
setting-other-key-help = put the client's own certificate first in { $cert }, then the intermediate certificates, and check that the key belongs to it
setting-bad-key = the private key in { $place } cannot be used: { $error }
setting-bad-key-help = arkib supports RSA keys from 2048 bits, ECDSA keys on P-256 and P-384, and Ed25519
setting-more-than-keys = the files that { $cert } and { $key } name hold more than certificates and a key
setting-more-than-keys-help = remove certificate requests, revocation lists and the like from them
setting-locked-key = the private key in { $variable } has a passphrase, which arkib cannot ask for
setting-locked-key-help = remove the passphrase (`openssl pkey -in KEY -out UNLOCKED`) and let only the job read the file
setting-no-pem = the file that { $variable } names is not PEM: { $why ->
    [no-end] a section has no end
    [no-base64] a section is not base64
   *[damaged] it is damaged
  }
setting-no-pem-help = copy it again, with every BEGIN and END line
setting-no-certificate = the file that { $variable } names holds no certificate
setting-no-certificate-help = it must be PEM, with a line -----BEGIN CERTIFICATE-----; `openssl x509 -inform der -in FILE -out FILE.pem` converts a binary file
setting-bad-certificate = certificate { $number } in the file that { $variable } names cannot be read: { $error }
setting-bad-certificate-help = get it again from its authority

# The portal's credentials.
setting-no-credentials = no credentials are set: neither { $token }, { $file }, { $oauth } nor { $user }
setting-no-credentials-help = set { $token } to the portal's bearer token, or { $file } to a file that holds it; for OAuth set { $oauth }, and for a user's name and password { $user }
setting-several = more than one kind of credentials is set, and only one is allowed: { $found }
setting-several-empty = { $name } (empty)
setting-several-help = keep the variables of one kind (a token, OAuth, or user and password) and remove the others{ $empty ->
    [some] ; a variable that is not used must not be set to an empty value: an unset CI secret often looks like this
   *[none] {""}
  }
setting-colon = { $user } contains a colon, after which a server would read the password
setting-colon-help = write the name alone, and the password into { $password } or { $file }
setting-oauth-auth = { $variable } is neither basic nor post
setting-oauth-auth-help = write basic, or post if the token endpoint accepts the secret in the form only; the default is basic
setting-scope = { $variable } contains a character that is not allowed in a scope
setting-scope-help = write scopes with spaces between them, without quotation marks
setting-is-user = the user name in the portal
setting-is-token-address = the address of the token endpoint, such as https://login.agensi.example/oauth2/token
setting-is-client-id = the client's id at the token endpoint
setting-is-portal-address = the portal's SCIM address, such as https://portal.agensi.example/scim/v2
setting-portal-empty-help = set { $url } to the portal's SCIM address; an unset CI secret often looks like this
setting-no-header = the credentials cannot be sent in a header
setting-no-header-help = copy them again, alone on one line
setting-certificates = certificates are set up, but { $url } is plain http, which does not use certificates
setting-certificates-help = write { $url } with https://, or remove the variables of the certificates
setting-agency-file = { $first } cannot be the variable of an agency: `_FILE` is the end of variables that name files
setting-agency-file-help = give { $agency } another short name in its agency.yaml, or remove { $first }

# The mail server.
setting-no-server = { $url } is not set, so there is no server to send e-mail notices
setting-no-server-help = set { $url } to the agency's mail server, such as smtps://mel.agensi.example, or smtp://mel.agensi.example:587 for STARTTLS
setting-mail-url = { $what } { $why ->
    [more] contains more than a host and a port
    [no-host] has no host
   *[scheme] begins with neither smtps:// nor smtp://
  }
setting-mail-url-help = write { $url } as smtps://host, or as smtp://host:587 for a server with STARTTLS
setting-mail-login-help = remove the part before the @; set { $user }, and { $password } or { $file }, instead
setting-no-text = the file that { $file } names is not text
setting-no-text-help = the file must hold the password alone, on one line
setting-mail-control = there is a control character in { $user } or in its password
setting-mail-control-help = copy them again, each alone on one line
setting-no-password = { $user } is set, but its password is not
setting-no-password-help = set { $password }, or { $file } to a file that holds it; an unset CI secret often looks like this
setting-no-user = a password is set, but { $user } is not
setting-no-user-help = set { $user } to the name to log in with, or remove the password
setting-mail-pem = the file that { $variable } names is not PEM
setting-mail-certificate = a certificate in the file that { $variable } names cannot be read: { $error }
setting-mail-pem-help = it must be PEM, with a line -----BEGIN CERTIFICATE-----; get it again from its authority

# Alerts.
setting-mailto = the address after mailto: is not one: { $expected }
setting-mailto-help = write { $variable } as mailto: and one address, such as mailto:operator@agensi.example
setting-alert-format = { $variable } is no format of alerts
setting-alert-format-help = set { $variable } to one of { $words }

# Limits of the system.
setting-open-files-help = raise the limit of open files (`ulimit -n`), or use a lower --concurrency
setting-concurrency-help = use a lower --concurrency
setting-threads-help = raise the limit of processes and threads (`ulimit -u`, or the pids of the container)
setting-memory-help = give arkib more memory
setting-file-size-help = raise the limit of the size of files (`ulimit -f`)
