using System.CommandLine;
using Involute.Actors.Cluster;
using Involute.Host.Errors;

namespace Involute.Host.Cluster;

/// <summary>What <c>--check</c> prints: a line for each thing that was looked at, up to the first that fails.</summary>
/// <param name="subjects">What is looked at, in order.</param>
internal sealed class CheckReport(IReadOnlyList<string> subjects)
{
    /// <summary>How long a check waits for an answer, where a worker would be patient.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The option.</summary>
    /// <param name="what">What it says of the command's process.</param>
    public static Option<bool> Option(string what) => new("--check")
    {
        Description = $"Only say whether this process could start, {what}: which of name, port, certificate, version, "
            + "identity or run fails.",
    };

    /// <summary>The same process, which gives up sooner.</summary>
    public static ClusterNodeOptions Hurried(ClusterNodeOptions options) => options with
    {
        AkkaHocon = $"{options.AkkaHocon}\nakka.cluster.shutdown-after-unsuccessful-join-seed-nodes = 10s\n",
    };

    /// <summary>Everything is as it should be.</summary>
    public void PrintAllWell(string line)
    {
        PrintPassed(subjects.Count);
        Console.WriteLine(line);
    }

    /// <summary>One thing is not.</summary>
    /// <param name="index">Its place among the subjects.</param>
    /// <param name="line">Why.</param>
    public void PrintFailure(int index, string line)
    {
        PrintPassed(Math.Min(index, subjects.Count));
        if (index < subjects.Count)
        {
            Console.WriteLine($"{subjects[index],-12} fails");
        }

        CommandErrors.Print(index < subjects.Count ? $"{subjects[index]}: {line}" : line);
    }

    private void PrintPassed(int count)
    {
        foreach (var subject in subjects.Take(count))
        {
            Console.WriteLine($"{subject,-12} ok");
        }
    }
}
