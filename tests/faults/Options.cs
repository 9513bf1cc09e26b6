using System.Globalization;

namespace Involute.Faults;

/// <summary>The command line.</summary>
/// <param name="Program">The executable under test.</param>
/// <param name="Seed">Seed of the random moments.</param>
/// <param name="Steps">Outer steps of each run.</param>
/// <param name="Kills">Kills of the scenarios that kill again and again.</param>
/// <param name="Turnover">How long workers join and leave in the scenario that does so.</param>
/// <param name="Soak">How long to repeat all scenarios, each time with another seed; zero for once.</param>
/// <param name="Limit">Time from the start; a scenario that would end later is not begun.</param>
/// <param name="Timeout">A scenario that takes longer is ended and has failed.</param>
/// <param name="Only">Names of scenarios; empty for all.</param>
/// <param name="Keep">Whether to keep the runs.</param>
/// <param name="Untimed">Whether the times that we promise are told and not judged.</param>
internal sealed record Options(
    string Program,
    long Seed,
    int Steps,
    int Kills,
    TimeSpan Turnover,
    TimeSpan Soak,
    TimeSpan Limit,
    TimeSpan Timeout,
    IReadOnlyList<string> Only,
    bool Keep,
    bool Untimed)
{
    // Far more than any scenario takes on a loaded machine.
    private static readonly TimeSpan LongestScenario = TimeSpan.FromMinutes(5);

    /// <summary>Reads it; null, after a line on standard error, if it is wrong.</summary>
    public static Options? Parse(string[] args)
    {
        var options = new Options("involute", 1, 600, 10, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.MaxValue, LongestScenario, [], false, false);
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : string.Empty;
            if (Apply(options, args[i], value) is not { } changed)
            {
                Console.Error.WriteLine($"faults: {args[i]} {value}: unknown, or not a number");
                return null;
            }

            options = changed;
            i += args[i] is "--keep" or "--untimed" ? 0 : 1;
        }

        if (options.Only.FirstOrDefault(name => Scenario.All.All(scenario => scenario.Name != name)) is { } unknown)
        {
            var names = string.Join(", ", Scenario.All.Select(scenario => scenario.Name));
            Console.Error.WriteLine($"faults: --only {unknown}: no such scenario; allowed: {names}");
            return null;
        }

        return options;
    }

    private static Options? Apply(Options options, string name, string value)
    {
        var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return name switch
        {
            "--program" => options with { Program = value },
            "--only" => options with { Only = [.. options.Only, value] },
            "--keep" => options with { Keep = true },
            "--untimed" => options with { Untimed = true },
            "--seed" when isNumber => options with { Seed = number },
            "--steps" when isNumber => options with { Steps = number },
            "--kills" when isNumber => options with { Kills = number },
            "--turnover" when isNumber => options with { Turnover = TimeSpan.FromMinutes(number) },
            "--soak" when isNumber => options with { Soak = TimeSpan.FromMinutes(number) },
            "--limit" when isNumber => options with { Limit = TimeSpan.FromMinutes(number) },
            "--timeout" when isNumber => options with { Timeout = TimeSpan.FromSeconds(number) },
            _ => null,
        };
    }
}
