namespace Involute.Runs;

/// <summary>Whether a file is there. A place that may not be read is told as such: it is not the same as an absent file.</summary>
internal static class Presence
{
    /// <summary>Whether a path is a file, or a link to one.</summary>
    /// <exception cref="IOException">This user may not look; one line.</exception>
    public static bool OfFile(string path) => Allowed(path, () =>
    {
        try
        {
            return !File.GetAttributes(path).HasFlag(FileAttributes.Directory);
        }
        catch (IOException)
        {
            return false;
        }
    });

    /// <summary>The text of a file.</summary>
    /// <exception cref="IOException">This user may not read it; one line.</exception>
    public static string ReadText(string path) => Allowed(path, () => File.ReadAllText(path));

    /// <summary>Throws if a file that is there may not be read.</summary>
    /// <exception cref="IOException">This user may not read it; one line.</exception>
    public static void RequireReadable(string path) => Allowed(path, () =>
    {
        File.OpenRead(path).Dispose();
        return true;
    });

    private static T Allowed<T>(string path, Func<T> look)
    {
        try
        {
            return look();
        }
        catch (UnauthorizedAccessException)
        {
            throw new IOException($"{path}: user {Environment.UserName} may not read it");
        }
    }
}
