using System.CommandLine;
using Involute.Actors.Local;
using Involute.Host.Errors;
using Involute.Runs.Configuration;

namespace Involute.Host.Commands;

/// <summary><c>involute config validate|show</c>: checks settings, or prints what a run would have.</summary>
internal static class ConfigCommand
{
    public static Command Create() => new("config", "Check settings, or show what a run would have.")
    {
        Create(
            "validate", "Check files and --set; exit code 64 and one line if something is wrong.",
            _ => "the configuration is valid"),
        Create(
            "show", "Print the effective configuration: every setting, with what files and --set change.",
            c => c.ToHocon().TrimEnd()),
        CreateReference(),
    };

    private static Command CreateReference()
    {
        var command = new Command(
            "reference", "Print hocon/reference.conf: every key, explained, with its range and default.");
        command.SetAction(_ =>
        {
            Console.Write(ReferenceText.Write(KnownComponents.BuiltIn));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Create(string name, string description, Func<RunConfiguration, string> print)
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var plugin = CommonOptions.Plugin("With components of your own, out of the assemblies in this folder.");
        var command = new Command(name, description) { config, set, plugin };
        command.SetAction(parsed =>
        {
            var configuration = ConfigurationLoader.Load(
                parsed.GetValue(config)!, parsed.GetValue(set)!, parsed.GetValue(plugin));
            AkkaSettings.Require(configuration.Akka);
            Console.WriteLine(print(configuration));
            return ExitCode.Ok;
        });
        return command;
    }
}
