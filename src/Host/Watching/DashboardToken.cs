using Involute.Dashboard.Page;

namespace Involute.Host.Watching;

/// <summary>
/// The token of this user's dashboards on this machine: in a file that only the user can read, so that a page goes on when the
/// process that serves it is started again.
/// </summary>
internal static class DashboardToken
{
    private const int Length = 32;

    /// <summary>The user's file.</summary>
    public static string UsersFile => Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "involute", "dashboard-token");

    /// <summary>Reads it, or makes it. Where there is no place for a file, it is a new one for each process.</summary>
    /// <param name="path">The file.</param>
    public static string Of(string path)
    {
        try
        {
            return Path.IsPathRooted(path) ? Read(path) ?? Make(path) : AccessToken.Make();
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            // A service may have no home.
            return AccessToken.Make();
        }
    }

    // Others could know one that others can read.
    private static string? Read(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) == 0)
        && File.ReadAllText(path).Trim() is { Length: Length } token && token.All(char.IsAsciiHexDigitLower)
            ? token
            : null;

    private static string Make(string path)
    {
        var token = AccessToken.Make();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new StreamWriter(temporary, options))
        {
            file.Write(token);
        }

        File.Move(temporary, path, overwrite: true);
        return token;
    }
}
