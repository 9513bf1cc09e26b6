using System.CommandLine;
using Involute.Actors.Cluster;
using Involute.Host.Errors;

namespace Involute.Host.Cluster;

/// <summary>What the command line says about a process's place in a cluster.</summary>
/// <param name="Listen">Where it listens, as others reach it.</param>
/// <param name="Join">Where members may be found; empty to found a cluster.</param>
/// <param name="Encryption">Certificates, or null.</param>
/// <param name="Bind">Where its socket is; null if others reach it there.</param>
internal sealed record ClusterArguments(
    Endpoint Listen, IReadOnlyList<Endpoint> Join, Encryption? Encryption, Endpoint? Bind = null)
{
    /// <summary>The same for a learner.</summary>
    public LearnerPlace Learner => new(Listen, Join, Encryption, Bind);
}

/// <summary>The options behind <see cref="ClusterArguments"/>, the same for learners and workers.</summary>
internal sealed class ClusterArgumentOptions
{
    private readonly Option<string?> _listen = new("--listen")
    {
        Description =
            "Address at which others reach this process; port 0: any free port. Default: 127.0.0.1:0.",
        HelpName = "HOST:PORT",
    };

    private readonly Option<string?> _bind = new("--bind")
    {
        Description = "Address of its socket, if others use another: behind a mapped port. Default: as --listen.",
        HelpName = "HOST:PORT",
    };

    private readonly Option<string?> _join = new("--join")
    {
        Description = "Addresses of members of the cluster, separated by commas; one that answers is enough.",
        HelpName = "HOST:PORT,…",
    };

    private readonly Option<string?> _certificate = new("--certificate")
    {
        Description =
            "This process's certificate with its private key (PFX without a password, readable by its owner only).",
        HelpName = "FILE",
    };

    private readonly Option<string?> _trust = new("--trust")
    {
        Description =
            "SHA-256 thumbprints of the certificates that this process accepts, separated by commas. "
            + "Default: this process's own.",
        HelpName = "THUMBPRINT,…",
    };

    private readonly Option<bool> _insecure = new("--insecure")
    {
        Description = "Listen on a network without certificates: everyone who reaches the port may then take part.",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_listen);
        command.Add(_bind);
        command.Add(_join);
        command.Add(_certificate);
        command.Add(_trust);
        command.Add(_insecure);
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="CommandException">One is wrong; one line.</exception>
    public ClusterArguments Read(ParseResult parsed)
    {
        var listen = Read("--listen", parsed.GetValue(_listen) ?? "127.0.0.1:0");
        if (listen.IsAny)
        {
            throw new CommandException(
                ExitCode.Configuration,
                $"--listen {listen}: others reach this process by this name; "
                + "allowed: an address or a host name of this machine");
        }

        var bind = parsed.GetValue(_bind) is { } socket ? Read("--bind", socket) : (Endpoint?)null;
        if (bind is not null && listen.Port == 0)
        {
            throw new CommandException(
                ExitCode.Configuration,
                $"--listen {listen}: with --bind, others need to know the port; allowed: 1 to 65535");
        }

        var encryption = CertificateFile.Read(parsed.GetValue(_certificate), parsed.GetValue(_trust));
        if (!(listen.IsLoopback && (bind ?? listen).IsLoopback) && encryption is null && !parsed.GetValue(_insecure))
        {
            var place = bind is null ? $"--listen {listen}" : $"--listen {listen} --bind {bind}";
            throw new CommandException(
                ExitCode.Configuration,
                $"{place}: on a network, members need certificates; allowed: "
                + "--certificate FILE ('involute certs create' makes one), 127.0.0.1, or --insecure");
        }

        var join = (parsed.GetValue(_join) ?? string.Empty)
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(member => Read("--join", member))
            .ToList();
        if (join.Exists(member => member.Port == 0 || member.IsAny))
        {
            throw new CommandException(
                ExitCode.Configuration,
                $"--join {join.Find(member => member.Port == 0 || member.IsAny)}: no member can be reached there; "
                    + "allowed: its address or name, and a port from 1 to 65535");
        }

        return new ClusterArguments(listen, join, encryption, bind);
    }

    private static Endpoint Read(string option, string text) => Endpoint.TryParse(text, out var endpoint)
        ? endpoint
        : throw new CommandException(
            ExitCode.Configuration, $"{option} {text}: not of the form HOST:PORT; allowed: a name, an address, an IPv6 "
                + "address in brackets ([::1]:4053); ports 0 to 65535");
}
