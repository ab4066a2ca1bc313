/** Install: how a computer comes to be backed up. */
export const install = {
  title: "Install",
  guide: "How to install",
  intro:
    "Three steps on the computer that is to be backed up. Nothing has to be opened in a firewall: the agent calls the service.",
  platform: "Operating system",
  platforms: { linux: "Linux", macos: "macOS", windows: "Windows" },
  packageTitle: "Install the package",
  package:
    "Holdfast is one file, holdfast-<version>.tgz, that your administrator gives you. It needs Node.js 26 and gives the program holdfast.",
  packageCommand: "Install the package",
  packageHints: {
    linux: "As root for all users of the computer; without root, set a prefix of your own first.",
    macos: "In the Terminal.",
    windows:
      "In PowerShell, as administrator. Holdfast is tried on Linux first; tell your administrator what doesn't work.",
  },
  registerTitle: "Register the computer",
  register: "It asks for your password, the one that you log in with here.",
  registerAdmin:
    "The user's e-mail address and password do, or a product key. Users get this command by mail with “Send users instructions email”.",
  withLogin: "With e-mail address and password",
  withKey: "Or with a product key",
  keyHint: "From your administrator. One key activates one computer.",
  keyHintAdmin: "Make and send them under Product Keys.",
  exampleEmail: "user@example.com",
  exampleKey: "<product key>",
  ownPassphrase: "With a passphrase of your own",
  ownPassphraseHint:
    "Then nobody else can open the backups, not even the service's operator. If you forget it, they are lost: nobody can reset it.",
  certificateTitle: "If the certificate can't be checked",
  certificate:
    "A service with a certificate of its own making is known by its fingerprint. Whoever runs the service reads it when it starts (“certificate fingerprint: …”) and gives it to you; add it to the command:",
  fingerprint: "<64 hexadecimal digits>",
  plain: "This address is not encrypted (http): it is good for this very computer only.",
  backupTitle: "First backup",
  backup: "Name the folders to be backed up. They are remembered, and the next backup sends only what has changed.",
  backupCommand: "First backup",
  folders: {
    linux: "~/Documents ~/Pictures",
    macos: "~/Documents ~/Pictures",
    windows: '"$HOME\\Documents" "$HOME\\Pictures"',
  },
  after: "The computer then appears under:",
  machines: "Machines",
  moreTitle: "Good to know",
  more: [
    "A file .holdfastignore in a folder leaves out what its lines say, as .gitignore does.",
    "After a new disk: holdfast register … --recover gives the computer its history back.",
    "holdfast --help tells everything else.",
  ],
} as const;
