using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using Involute.Tasks.Images;

namespace Involute.Torch.Scripts;

/// <summary>
/// Loads a model in a process of its own first: of code that libtorch cannot compile (operators of other libraries or
/// of a newer PyTorch) TorchSharp lets the exception end the process.
/// </summary>
/// <remarks>
/// The process is this program once more, with <see cref="StartupHook"/>, which ends it before the program begins.
/// Damaged files do not come so far: their check sums are wrong.
/// </remarks>
internal static class ScriptProbe
{
    /// <summary>Names the model in the environment of that process.</summary>
    public const string Variable = "INVOLUTE_TORCH_SCRIPT";

    private const string HooksVariable = "DOTNET_STARTUP_HOOKS";
    private const string Saying = "what():";

    // Content that has been loaded, by its hash: a process makes the same task several times.
    private static readonly ConcurrentDictionary<string, bool> Loaded = [];

    /// <summary>Loads it, and ends the process: with 0 if that went well.</summary>
    public static void LoadAndExit(string path)
    {
        try
        {
            using var module = ScriptFile.Unchecked(path).Load();
            Environment.Exit(0);
        }
        catch (Exception problem) when (problem is DataFormatException or Native.TorchUnavailableException)
        {
            Console.Error.WriteLine($"{Saying} {problem.Message}");
            Environment.Exit(1);
        }
    }

    /// <summary>Has another process load it, unless one has.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">What it holds.</param>
    /// <returns>What that process said when it ended otherwise than well; null if all went well, or where this program
    /// cannot be started again.</returns>
    public static string? ProblemOf(string path, byte[] bytes)
    {
        var hash = Convert.ToHexString(SHA256.HashData(bytes));
        if (Loaded.ContainsKey(hash) || Start(path) is not { } start)
        {
            return null;
        }

        using var process = Process.Start(start)
            ?? throw new InvalidOperationException($"{start.FileName} was not started");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        output.GetAwaiter().GetResult();
        if (process.ExitCode != 0)
        {
            return ScriptProblem.Of(Told(said));
        }

        Loaded.TryAdd(hash, true);
        return null;
    }

    private static ProcessStartInfo? Start(string path)
    {
        var hook = typeof(ScriptProbe).Assembly.Location;
        if (hook.Length == 0 || Environment.ProcessPath is not { } program)
        {
            return null;
        }

        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [HooksVariable] = hook, [Variable] = Path.GetFullPath(path) },
        };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            if (Assembly.GetEntryAssembly() is not { Location: { Length: > 0 } entry })
            {
                return null;
            }

            start.ArgumentList.Add(entry);
        }

        return start;
    }

    // "terminate called after throwing an instance of 'torch::jit::ErrorReport'", then what().
    private static string Told(string said) =>
        said.IndexOf(Saying, StringComparison.Ordinal) is >= 0 and var start ? said[(start + Saying.Length)..] : said;
}
