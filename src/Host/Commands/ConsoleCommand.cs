using System.CommandLine;
using Involute.Host.Cluster;
using Involute.Host.Operating;

namespace Involute.Host.Commands;

/// <summary><c>involute console</c>: asks a node how it stands, and steers the run.</summary>
internal static class ConsoleCommand
{
    public static Command Create()
    {
        var words = new Argument<string[]>("COMMAND")
        {
            Description =
                "A run or HOST:PORT, then a command, such as: first learner status. Without a run: the one that is being "
                + "trained; without a command: a prompt.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var runs = CommonOptions.Runs();
        var json = new Option<bool>("--json") { Description = "Answers for a program: one JSON object on each line." };
        var yes = new Option<bool>("--yes") { Description = "Change what the command changes without a question." };
        var certificate = new Option<string?>("--certificate")
        {
            Description = "The certificate to show to a console beyond this machine.",
            HelpName = "FILE",
        };
        var trust = new Option<string?>("--trust")
        {
            Description = "Thumbprints of the nodes' certificates, separated by commas. Default: the own one.",
            HelpName = "THUMBPRINT,…",
        };
        var command = new Command("console", "Ask a running node how it stands, and steer the run.")
        {
            words, runs, json, yes, certificate, trust,
        };
        command.SetAction(async (parsed, _) =>
        {
            var encryption = CertificateFile.Read(parsed.GetValue(certificate), parsed.GetValue(trust));
            var given = parsed.GetValue(words)!;
            var place = ConsolePlace.Find(parsed.GetValue(runs)!, given);
            await using var session = await ConsoleSession.ConnectAsync(place, encryption);
            string[] rest = [.. given.Skip(place.Used)];
            return rest.Length > 0
                ? await session.RunAsync(rest, parsed.GetValue(json), parsed.GetValue(yes), ConsoleSession.Ask)
                : await ConsolePrompt.RunAsync(session, parsed.GetValue(json), parsed.GetValue(yes));
        });
        return command;
    }
}
