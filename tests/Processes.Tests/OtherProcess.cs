using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Involute.Processes.Tests;

/// <summary>Processes by their numbers.</summary>
internal static class OtherProcess
{
    // Only a guard: no test depends on how long anything takes.
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    /// <summary>Whether it runs; one that has ended and that none has waited for does not.</summary>
    public static bool Lives(string number)
    {
        var status = $"/proc/{number.Trim()}/stat";
        try
        {
            return File.ReadAllText(status).Split(") ")[^1][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Waits for the end of one that is not this process's child.</summary>
    public static Task EndedAsync(string number) => UntilAsync(() => !Lives(number), $"process {number} still runs");

    /// <summary>Waits until this process knows of the end of its child.</summary>
    public static Task ReapedAsync(string number) =>
        UntilAsync(() => !Directory.Exists($"/proc/{number}"), $"process {number} is still there");

    /// <summary>Waits for a file that a process writes.</summary>
    public static Task WrittenAsync(string file) => UntilAsync(() => File.Exists(file), $"{file} is not there");

    private static async Task UntilAsync(Func<bool> condition, string otherwise)
    {
        var since = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Guard, otherwise);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Sends SIGKILL.</summary>
    public static void Kill(string number)
    {
        using var process = Process.GetProcessById(int.Parse(number, CultureInfo.InvariantCulture));
        process.Kill();
    }
}
