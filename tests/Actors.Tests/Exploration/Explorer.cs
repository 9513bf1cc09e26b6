namespace Involute.Actors.Tests.Exploration;

/// <summary>Runs simulations seed by seed.</summary>
internal static class Explorer
{
    public const string Variable = "INVOLUTE_EXPLORE_SEEDS";

    /// <summary>Runs all seeds; returns what has happened in them.</summary>
    /// <exception cref="Violation">Names the first seed that breaks a promise, which one, and what came
    /// before.</exception>
    public static Tally Run(long from, long to, Func<Mischief>? mischief = null)
    {
        var tally = new Tally();
        for (var seed = from; seed <= to; seed++)
        {
            Run(seed, mischief?.Invoke() ?? new Mischief(), tally);
        }

        return tally;
    }

    /// <summary>The seeds of the environment variable, FROM-TO or a single one; without it, the given ones.</summary>
    public static (long From, long To) Seeds(long from, long to) =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? Parse(text) : (from, to);

    private static (long From, long To) Parse(string text)
    {
        var parts = text.Split('-');
        return parts.Length <= 2 && long.TryParse(parts[0], out var first) && long.TryParse(parts[^1], out var last)
            ? (first, last)
            : throw new ArgumentException($"{Variable} is '{text}'; allowed are SEED and FROM-TO");
    }

    private static void Run(long seed, Mischief mischief, Tally tally)
    {
        using var simulation = new Simulation(seed, mischief, tally);
        try
        {
            simulation.Run();
        }
        catch (Exception error)
        {
            var what = error is Violation ? error.Message : error.ToString();
            throw new Violation(
                $"seed {seed}, turn {simulation.Trace.Turn}: {what}\n"
                + $"again with {Variable}={seed}; the last events:\n{simulation.Trace}",
                error);
        }
    }
}
