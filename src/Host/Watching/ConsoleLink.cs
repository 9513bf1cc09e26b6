using System.Net.Sockets;
using System.Text.Json.Nodes;
using Involute.Actors.Cluster;
using Involute.Commands;
using Involute.Runs.Claims;
using Involute.Runs.Folders;

namespace Involute.Host.Watching;

/// <summary>
/// The console of the process that leads a run, over one connection that is kept: questions for a page that goes on being
/// shown, and what the console can be told to do. A console that does not answer is left alone for a while.
/// </summary>
/// <remarks>Not safe for use by two callers at once, but for <see cref="GiveAsync"/>.</remarks>
/// <param name="folder">The run.</param>
/// <param name="time">For how long to wait.</param>
internal sealed class ConsoleLink(RunFolder folder, TimeProvider time) : IAsyncDisposable
{
    private const string Palette = "learner";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);
    private static readonly string User = $"{Environment.UserName} (dashboard)";

    private ConsoleClient? _client;
    private Endpoint _place;
    private long _silentSince;
    private bool _isSilent;

    /// <summary>What the console can be told to do: commands that change the run, and take few words.</summary>
    public IReadOnlyList<CommandDefinition> Commands { get; private set; } = [];

    /// <summary>Whether there is a console that does not answer.</summary>
    public bool IsSilent => _isSilent;

    /// <summary>Asks, with an answer for a program.</summary>
    /// <returns>An object for each line; null if there is no console, or none that answers or understands.</returns>
    public async Task<IReadOnlyList<JsonObject>?> AskAsync(string[] words, CancellationToken cancellation)
    {
        if (Place() is not { } place)
        {
            await ForgetAsync();
            _isSilent = false;
            return null;
        }

        // Another place is that of another learner.
        if (_isSilent && place == _place && time.GetElapsedTime(_silentSince) < Rest)
        {
            return null;
        }

        try
        {
            if (_client is null || place != _place)
            {
                await ForgetAsync();
                _place = place;
                _client = await ConnectAsync(place, cancellation);
                Commands = [.. Changing(_client)];
            }

            _isSilent = false;
            return await AnswersAsync(_client, words);
        }
        catch (Exception silent) when (IsSilence(silent, cancellation))
        {
            await ForgetAsync();
            (_isSilent, _silentSince) = (true, time.GetTimestamp());
            return null;
        }
    }

    /// <summary>Gives a command that a person has confirmed, over a connection of its own: it may take long.</summary>
    public async Task<(bool Done, string Answer)> GiveAsync(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        if (Place() is not { } place)
        {
            return (false, "the run has no console now: start it with --console or --dashboard");
        }

        try
        {
            await using var client = await ConnectAsync(place, cancellation);
            if (Changing(client).FirstOrDefault(one => one.Name == words[0]) is not { } command)
            {
                return (false, $"the console has no command '{words[0]}' that changes the run");
            }

            var lines = new List<string>();
            using var patience = time.CreateTimer(
                _ => _ = client.DisposeAsync().AsTask(), null,
                TimeSpan.FromSeconds(command.Patience + 5), Timeout.InfiniteTimeSpan);
            await foreach (var answer in client.ExecuteAsync([Palette, .. words], yes: true, cancellation: cancellation))
            {
                lines.Add(answer.Text);
                if (answer.IsFinal)
                {
                    return (!answer.IsError, string.Join('\n', lines.Where(line => line.Length > 0)));
                }
            }

            return (false, "the console has not answered");
        }
        catch (Exception silent) when (IsSilence(silent, cancellation))
        {
            return (false, $"the console of the run does not answer: {silent.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(ForgetAsync());

    private static IEnumerable<CommandDefinition> Changing(ConsoleClient client) =>
        client.Palettes.Where(palette => palette.Name == Palette).SelectMany(palette => palette.Commands)
            .Where(command => command is { Changes: true, IsStream: false });

    // A client whose connection is closed while it waits for an answer says so in one of these ways.
    private static bool IsSilence(Exception failed, CancellationToken cancellation) =>
        failed is IOException or SocketException or InvalidDataException or ObjectDisposedException or InvalidOperationException
        || (failed is OperationCanceledException && !cancellation.IsCancellationRequested);

    private async Task<IReadOnlyList<JsonObject>?> AnswersAsync(ConsoleClient client, string[] words)
    {
        var answers = new List<JsonObject>();
        using var patience = time.CreateTimer(
            _ => _ = client.DisposeAsync().AsTask(), null, Patience, Timeout.InfiniteTimeSpan);
        await foreach (var answer in client.ExecuteAsync(words, json: true))
        {
            if (answer.IsError)
            {
                return null;
            }

            answers.AddRange(answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read).OfType<JsonObject>());
        }

        return answers;
    }

    private static JsonNode? Read(string line)
    {
        try
        {
            return JsonNode.Parse(line);
        }
        catch (System.Text.Json.JsonException)
        {
            // A note for a person.
            return null;
        }
    }

    private async Task ForgetAsync()
    {
        Commands = [];
        if (_client is { } client)
        {
            _client = null;
            await client.DisposeAsync();
        }
    }

    private Endpoint? Place() =>
        FolderClaim.IsClaimed(folder.FullPath)
        && NodesFile.Read(folder).FirstOrDefault(node => node is { IsLeading: true, Console: not null })?.Console is { } console
        && Endpoint.TryParse(console, out var place) && place.IsLoopback
            ? place
            : null;

    private async Task<ConsoleClient> ConnectAsync(Endpoint place, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        var client = await ConsoleClient.ConnectAsync(place.Host, place.Port, User, cancellation: either.Token);
        if (client.Run == folder.RunId)
        {
            return client;
        }

        await client.DisposeAsync();
        throw new InvalidDataException($"the console on {place} is of another run");
    }
}
