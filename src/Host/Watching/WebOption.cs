using System.CommandLine;
using Involute.Actors.Cluster;
using Involute.Host.Errors;

namespace Involute.Host.Watching;

/// <summary>The option <c>--web</c> of a process that is part of a run.</summary>
internal sealed class WebOption
{
    private const string Loopback = "127.0.0.1";

    private readonly Option<string?> _web = new("--web")
    {
        Description = "Serve health and metrics over HTTP: on any free port on loopback, on the one that is named, or on HOST:PORT.",
        HelpName = "PORT",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Adds it to a command.</summary>
    public void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.Add(_web);
    }

    /// <summary>Reads it; null if the process serves nothing.</summary>
    /// <exception cref="CommandException">It is wrong; one line.</exception>
    public WebSettings? Read(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return parsed.GetResult(_web) is not { } given ? null
            : given.Tokens is not [{ Value: var text }] ? new WebSettings(new Endpoint(Loopback, 0))
            : Endpoint.TryParsePortOrPlace(text, out var place) ? new WebSettings(place)
            : throw new CommandException(
                ExitCode.Configuration,
                $"{_web.Name} {text}: neither a port nor HOST:PORT; allowed: 0 to 65535, or 127.0.0.1:PORT");
    }
}

/// <summary>What a process serves over HTTP.</summary>
/// <param name="Place">Where.</param>
internal sealed record WebSettings(Endpoint Place);
