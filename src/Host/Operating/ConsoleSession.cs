using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using Involute.Actors.Cluster;
using Involute.Actors.Palettes;
using Involute.Commands;
using Involute.Host.Errors;

namespace Involute.Host.Operating;

/// <summary>A conversation with the console of a node: commands, questions, answers, exit codes.</summary>
internal sealed class ConsoleSession : IAsyncDisposable
{
    private const string JsonFlag = "--json";
    private const string YesFlag = "--yes";
    private static readonly TimeSpan LongestConnecting = TimeSpan.FromSeconds(10);

    private readonly ConsoleClient _client;
    private readonly Endpoint _place;

    private ConsoleSession(ConsoleClient client, Endpoint place) => (_client, _place) = (client, place);

    /// <summary>What the node can be asked.</summary>
    public IReadOnlyList<Palette> Palettes => _client.Palettes;

    /// <summary>What the node is called in a prompt.</summary>
    public string Name => _client.Run ?? _client.Node;

    /// <summary>The node and its program.</summary>
    public string Banner => $"{_client.Node}, {_client.Program}{(_client.Run is { } run ? $", run {run}" : "")}";

    /// <summary>Connects.</summary>
    /// <param name="place">Where, and to which run.</param>
    /// <param name="encryption">Certificates, or null.</param>
    /// <exception cref="CommandException">No console answers there, or another run; one line.</exception>
    public static async Task<ConsoleSession> ConnectAsync(ConsolePlace place, Encryption? encryption)
    {
        ArgumentNullException.ThrowIfNull(place);
        using var patience = new CancellationTokenSource(LongestConnecting, TimeProvider.System);
        try
        {
            var client = await ConsoleClient.ConnectAsync(
                place.Address.Host, place.Address.Port, Environment.UserName, ConsoleEncryption.OfClient(encryption),
                patience.Token);
            if (place.Run is { } expected && client.Run != expected)
            {
                await client.DisposeAsync();
                throw NotThere(place, $"the console there is of run {client.Run ?? "none"}, not of {expected}");
            }

            return new ConsoleSession(client, place.Address);
        }
        catch (OperationCanceledException)
        {
            throw NotThere(place, $"no answer within {LongestConnecting.TotalSeconds:0} s");
        }
        catch (AuthenticationException stranger)
        {
            throw NotThere(place, stranger.Message, ExitCode.NotLetIn);
        }
        catch (Exception failed) when (failed is SocketException or IOException or InvalidDataException)
        {
            // Each end takes the other's first bytes for garbage.
            var hint = failed is SocketException or ConsoleFullException ? ""
                : encryption is null ? " (beyond its own machine a console talks only to who comes with --certificate)"
                : " (on loopback a console talks without certificates)";
            throw NotThere(place, $"{failed.Message}{hint}");
        }
    }

    /// <summary>Gives one command, asks before it changes anything, and prints the answer.</summary>
    /// <param name="words">The command; <c>--json</c> and <c>--yes</c> may stand among them.</param>
    /// <param name="json">Whether the answer is for a program.</param>
    /// <param name="yes">Whether there is no question.</param>
    /// <param name="ask">Puts a question; null where no person would answer: the next line of a pipe is no answer.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandException">The connection is lost; one line.</exception>
    public async Task<int> RunAsync(IReadOnlyList<string> words, bool json, bool yes, Func<string, string?>? ask)
    {
        ArgumentNullException.ThrowIfNull(words);
        json |= words.Contains(JsonFlag);
        yes |= words.Contains(YesFlag);
        words = [.. words.Where(word => word is not (JsonFlag or YesFlag))];
        CommandDefinition command;
        try
        {
            (var palette, command, var used) = CommandWords.Find(_client.Palettes, words);
            CommandWords.Arguments(palette, command, words.Skip(used));
        }
        catch (CommandRefusedException refused)
        {
            CommandErrors.Print(refused.Message);
            return ExitCode.CheckFailed;
        }

        if (command.Changes && !yes && ask is null)
        {
            CommandErrors.Print($"'{string.Join(' ', words)}' changes something, and a pipe cannot be asked; allowed: with --yes");
            return ExitCode.CheckFailed;
        }

        if (command.Question is { } question && !yes && ask!($"{question} [y/N] ")?.Trim().ToLowerInvariant() is not ("y" or "yes"))
        {
            CommandErrors.Print("nothing was done; --yes does it without a question");
            return ExitCode.CheckFailed;
        }

        try
        {
            return await PrintAsync(words, json, command);
        }
        catch (Exception lost) when (lost is IOException or SocketException or InvalidDataException
            or ObjectDisposedException)
        {
            throw new CommandException(ExitCode.ConnectionLost, $"the connection to {_place} is lost: {lost.Message}");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _client.DisposeAsync();

    // Ctrl-C ends the command, not the program; what is left of the answer still comes.
    private async Task<int> PrintAsync(IReadOnlyList<string> words, bool json, CommandDefinition command)
    {
        // Not disposed: the handler of a late signal may still run when the command is over. It holds no resources.
        var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            cancellation.Cancel();
        });
        var code = ExitCode.Ok;
        await foreach (var response in _client.ExecuteAsync(words, json, yes: true, cancellation.Token))
        {
            if (response.IsError)
            {
                // An answer of which pieces are left out is no whole one; of a stream that may be.
                code = response.IsFinal || !command.IsStream ? ExitCode.CheckFailed : code;
                CommandErrors.Print(response.Text);
            }
            else if (response.Text.Length > 0)
            {
                Console.WriteLine(response.Text);
            }
        }

        return cancellation.IsCancellationRequested && !command.IsStream ? ExitCode.Interrupted : code;
    }

    /// <summary>Puts a question to who has given one command.</summary>
    public static string? Ask(string question)
    {
        Console.Write(question);
        var answer = Console.In.ReadLine();
        if (answer is null)
        {
            Console.WriteLine();
        }

        return answer;
    }

    private static CommandException NotThere(ConsolePlace place, string reason, int code = ExitCode.CannotConnect) => new(
        code,
        $"the console {(place.Run is { } run ? $"of run {run} " : "")}on {place.Address} cannot be reached: "
            + reason.ReplaceLineEndings(" "));
}
