using System.CommandLine;

namespace Involute.Host.Commands;

/// <summary>Options that several commands share, spelt and explained once.</summary>
internal static class CommonOptions
{
    private const int MostWorkers = 256;

    public static Option<string[]> Config() => new("--config")
    {
        Description =
            "Settings in a file, laid over the defaults of hocon/reference.conf. Repeatable; later files win.",
        HelpName = "FILE",
        DefaultValueFactory = _ => [],
    };

    public static Option<string[]> Set() => new("--set")
    {
        Description = "One setting, e.g. involute.sigma=0.05. Repeatable; wins over files.",
        HelpName = "KEY=VALUE",
        DefaultValueFactory = _ => [],
    };

    public static Option<string?> Plugin(string description) => new("--plugin")
    {
        Description = description,
        HelpName = "DIR",
    };

    public static Option<string?> MovedPlugin() =>
        Plugin("Where the run's plugin is now, if it has moved; its code must be the same.");

    public static Option<string> Runs() => new("--runs")
    {
        Description = "Folder of all runs.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "runs",
    };

    public static Option<bool> NoEval() => new("--no-eval")
    {
        Description = "Do not evaluate theta at the end; 'involute eval RUN' does it later.",
    };

    public static Option<int?> Workers() => WholeNumberOption.Create(
        "--workers",
        "Let this many worker processes on this machine compute the pairs; 0: this process does. The result is the same.",
        0, MostWorkers);

    public static Argument<string> Run() => new("RUN")
    {
        Description = "A run: the name of its folder under --runs, or a path.",
    };
}
