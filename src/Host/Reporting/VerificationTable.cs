using Involute.Host.Output;
using Involute.Runs.Verification.Evidence;
using Spectre.Console;

namespace Involute.Host.Reporting;

/// <summary>Prints a verification for the user: one row per check, then one line per violation.</summary>
internal static class VerificationTable
{
    private static readonly string[] Columns = ["check", "looked at", "verdict"];

    /// <summary>Writes it; without lines where output is redirected.</summary>
    public static void Write(VerificationReport report, IAnsiConsole console)
    {
        string[][] rows = [.. report.Checks.Select(check => new[] { check.Name, check.LookedAt, Verdict(check) })];
        var writer = console.Profile.Out.Writer;
        writer.WriteLine($"run {report.RunId}, ledger up to outer step {report.OuterStep}");
        TextTable.Write(console, Columns, rows);
        WriteFindings(report, writer);
    }

    private static string Verdict(CheckResult check) => check.Verdict switch
    {
        CheckVerdict.Ok => "ok",
        CheckVerdict.NotChecked => "not checked",
        _ => check.Violations == 1 ? "VIOLATED" : $"VIOLATED {check.Violations} times",
    };

    private static void WriteFindings(VerificationReport report, TextWriter writer)
    {
        foreach (var check in report.Checks)
        {
            foreach (var finding in check.Findings)
            {
                writer.WriteLine($"{check.Name}: {finding.Message}");
            }

            if (check.Violations > check.Findings.Count)
            {
                writer.WriteLine($"{check.Name}: and {check.Violations - check.Findings.Count} more");
            }
        }

        writer.WriteLine(report.Violations switch
        {
            0 => "no violation",
            1 => "1 violation",
            _ => $"{report.Violations} violations",
        });
    }
}
