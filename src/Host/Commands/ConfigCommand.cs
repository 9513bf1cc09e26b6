using System.CommandLine;
using Involute.Hosting.Configuration;

namespace Involute.Hosting.Commands;

/// <summary><c>involute config validate|show</c>: checks settings, or prints what a run would have.</summary>
internal static class ConfigCommand
{
    public static Command Create() => new("config", "Check settings, or show what a run would have.")
    {
        Create("validate", "Check files and --set; exit code 64 and one line if something is wrong.", _ => "the configuration is valid"),
        Create("show", "Print the effective configuration: every setting, with what files and --set change.", c => c.ToHocon().TrimEnd()),
    };

    private static Command Create(string name, string description, Func<RunConfiguration, string> print)
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var command = new Command(name, description) { config, set };
        command.SetAction(parsed =>
        {
            Console.WriteLine(print(ConfigurationLoader.Load(parsed.GetValue(config)!, parsed.GetValue(set)!)));
            return ExitCode.Ok;
        });
        return command;
    }
}
