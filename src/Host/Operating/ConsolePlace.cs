using Involute.Actors.Cluster;
using Involute.Host.Errors;
using Involute.Runs.Claims;
using Involute.Runs.Folders;

namespace Involute.Host.Operating;

/// <summary>Where a console listens, and which words of a command line name it.</summary>
/// <param name="Address">The place.</param>
/// <param name="Run">The run that is expected there; null for any.</param>
/// <param name="Used">Words that name it.</param>
internal sealed record ConsolePlace(Endpoint Address, string? Run, int Used)
{
    /// <summary>
    /// The place that words begin with: an address or a run; without one, that of the only run that is being trained.
    /// </summary>
    /// <exception cref="CommandException">There is none; one line.</exception>
    public static ConsolePlace Find(string runsFolder, IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        if (words is [var first, ..])
        {
            if (Endpoint.TryParse(first, out var endpoint))
            {
                return endpoint.Port > 0 ? new ConsolePlace(endpoint, null, 1) : throw new CommandException(
                    ExitCode.Configuration, $"{first}: no process can listen on port 0; allowed: ports 1 to 65535");
            }

            if (TryOpen(runsFolder, first) is { } folder)
            {
                return new ConsolePlace(Of(folder), folder.RunId, 1);
            }
        }

        var running = Running(runsFolder);
        return running switch
        {
            [var only] => new ConsolePlace(Of(only), only.RunId, 0),
            [] => throw new CommandException(
                ExitCode.CannotConnect,
                words.Count == 0 ? $"no run with a console is being trained in {Path.GetFullPath(runsFolder)}; allowed: a run, or "
                        + "HOST:PORT"
                    : $"'{words[0]}' is no run in {Path.GetFullPath(runsFolder)} and no HOST:PORT, and no run with a console is "
                        + "being trained there"),
            _ => throw new CommandException(
                ExitCode.Configuration,
                $"several runs are being trained; allowed: one of {string.Join(", ", running.Select(run => run.RunId))} before "
                    + "the command"),
        };
    }

    private static Endpoint Of(RunFolder folder)
    {
        var member = NodesFile.Read(folder).Where(node => node.Console is not null).MaxBy(node => node.IsLeading);
        return member?.Console is { } place && Endpoint.TryParse(place, out var endpoint)
            ? endpoint
            : throw new CommandException(
                ExitCode.CannotConnect,
                $"run {folder.RunId} has no console: "
                    + (FolderClaim.IsClaimed(folder.FullPath)
                        ? "it was started without --console"
                        : "no process trains it now ('involute resume' with --console does)"));
    }

    private static RunFolder? TryOpen(string runsFolder, string name)
    {
        try
        {
            return RunFolder.Open(runsFolder, name);
        }
        catch (IOException)
        {
            // A word of the command, then: what is wrong with it the node says.
            return null;
        }
    }

    private static List<RunFolder> Running(string runsFolder) => !Directory.Exists(runsFolder)
        ? []
        :
        [
            .. Directory.EnumerateDirectories(runsFolder).Order(StringComparer.Ordinal)
                .Select(path => TryOpen(runsFolder, path)).OfType<RunFolder>()
                .Where(folder => NodesFile.Read(folder).Any(node => node.Console is not null)
                    && FolderClaim.IsClaimed(folder.FullPath)),
        ];
}
