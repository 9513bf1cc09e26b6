using System.ComponentModel;
using System.Diagnostics;

namespace Involute.Faults.Machine;

/// <summary>A program of the system, run to its end.</summary>
internal static class Tool
{
    private const int NotFound = 127;

    /// <summary>Runs it; returns what it says of its failure, null if it had none.</summary>
    public static string? Failure(string program, params IReadOnlyList<string> arguments)
    {
        var (code, output) = Run(program, arguments);
        return code == 0 ? null : $"{program}: {output.Trim().ReplaceLineEndings(" ")} (exit code {code})";
    }

    /// <summary>Runs it; throws if it fails.</summary>
    public static void Require(string program, params IReadOnlyList<string> arguments)
    {
        if (Failure(program, arguments) is { } failure)
        {
            throw new FaultException(failure);
        }
    }

    /// <summary>Runs it; returns exit code and output.</summary>
    public static (int Code, string Output) Run(string program, params IReadOnlyList<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + errors.GetAwaiter().GetResult());
        }
        catch (Win32Exception missing)
        {
            return (NotFound, missing.Message);
        }
    }
}
