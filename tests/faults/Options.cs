using System.Globalization;

namespace Involute.Faults;

/// <summary>The command line.</summary>
/// <param name="Program">The executable under test.</param>
/// <param name="Seed">Of the random moments.</param>
/// <param name="Steps">Outer steps of each run.</param>
/// <param name="Kills">Kills of the scenarios that kill again and again.</param>
/// <param name="Soak">How long to repeat all scenarios, each time with another seed; zero for once.</param>
/// <param name="Only">Names of scenarios; empty for all.</param>
/// <param name="Keep">Whether to keep the runs.</param>
internal sealed record Options(
    string Program, long Seed, int Steps, int Kills, TimeSpan Soak, IReadOnlyList<string> Only, bool Keep)
{
    /// <summary>Reads it; null, after a line on standard error, if it is wrong.</summary>
    public static Options? Parse(string[] args)
    {
        var options = new Options("involute", 1, 600, 10, TimeSpan.Zero, [], false);
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : string.Empty;
            if (Apply(options, args[i], value) is not { } changed)
            {
                Console.Error.WriteLine($"faults: {args[i]} {value}: unknown, or not a number");
                return null;
            }

            options = changed;
            i += args[i] == "--keep" ? 0 : 1;
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
            "--seed" when isNumber => options with { Seed = number },
            "--steps" when isNumber => options with { Steps = number },
            "--kills" when isNumber => options with { Kills = number },
            "--soak" when isNumber => options with { Soak = TimeSpan.FromMinutes(number) },
            _ => null,
        };
    }
}
