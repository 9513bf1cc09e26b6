using System.CommandLine;
using Involute.Actors.Cluster;
using Involute.Host.Errors;
using Involute.Hosting;

namespace Involute.Host.Operating;

/// <summary>The options of a process that may have a console.</summary>
internal sealed class ConsoleOption
{
    private const string Off = "off";
    private const string Loopback = "127.0.0.1";

    private readonly bool _usually;
    private readonly Option<string?> _console;
    private readonly Option<bool> _control = new("--console-control")
    {
        Description = "Let who comes to the console over a network change the run, too.",
    };

    /// <param name="usually">Whether there is a console without the option.</param>
    public ConsoleOption(bool usually)
    {
        _usually = usually;
        _console = new Option<string?>("--console")
        {
            Description = usually
                ? "Where the console listens ('involute console'): a port on loopback, HOST:PORT with certificates, or off. "
                    + "Default: any free port on loopback."
                : "Listen for 'involute console': on any free port on loopback, or on the one that is named.",
            HelpName = usually ? "PORT|off" : "PORT",
            Arity = ArgumentArity.ZeroOrOne,
        };
    }

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="network">Whether there are certificates that let it listen beyond loopback.</param>
    public void AddTo(Command command, bool network)
    {
        command.Add(_console);
        if (network)
        {
            command.Add(_control);
        }
    }

    /// <summary>Reads them; null for no console.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="encryption">Certificates of the process, or null.</param>
    /// <param name="needed">Whether something else of the process needs a console, unless it is off.</param>
    /// <exception cref="CommandException">One is wrong; one line.</exception>
    public ConsoleOptions? Read(ParseResult parsed, Encryption? encryption = null, bool needed = false)
    {
        var given = parsed.GetResult(_console);
        var text = given is { Tokens: [{ Value: var value }] } ? value : null;
        if (text == Off || (given is null && !_usually && !needed))
        {
            return null;
        }

        var place = text is null ? new Endpoint(Loopback, 0)
            : Endpoint.TryParsePortOrPlace(text, out var endpoint) ? endpoint
            : throw Wrong(text, "neither a port nor HOST:PORT");
        if (!place.IsLoopback && encryption is null)
        {
            throw Wrong(text!, "on a network, the console needs certificates (--certificate FILE)");
        }

        return new ConsoleOptions(place)
        {
            Encryption = place.IsLoopback ? null : encryption,
            LetsOthersChange = parsed.GetResult(_control) is not null && parsed.GetValue(_control),
            Record = line => Console.Error.WriteLine($"console: {line}"),
        };
    }

    private static CommandException Wrong(string text, string problem) => new(
        ExitCode.Configuration, $"--console {text}: {problem}; allowed: 0 to 65535, or HOST:PORT with a certificate");
}
