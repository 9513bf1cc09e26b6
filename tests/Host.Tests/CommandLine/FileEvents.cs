using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>Waits for a process to write files, by the system's notifications.</summary>
internal static class FileEvents
{
    /// <summary>Completes when a file has at least so many lines.</summary>
    public static async Task LinesAsync(string folder, string file, int lines)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (Count(Path.Combine(folder, file)) >= lines)
            {
                reached.TrySetResult();
            }
        }

        using var watcher = new FileSystemWatcher(folder, file);
        watcher.Changed += (_, _) => Look();
        watcher.Created += (_, _) => Look();
        watcher.EnableRaisingEvents = true;
        Look();
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
    }

    private static int Count(string path)
    {
        if (!File.Exists(path))
        {
            return 0;
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Count(c => c == '\n');
    }
}
