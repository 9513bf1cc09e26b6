using System.Buffers;
using System.Text;

namespace Involute.Runs.Configuration;

/// <summary>Reads the texts of a configuration: files, and command-line arguments.</summary>
internal static class ConfigurationSource
{
    /// <summary>Largest configuration file, in bytes; a hand-written one has a thousandth of it.</summary>
    public const int MaximumBytes = 1 << 20;

    private const string PluginSource = "--plugin ";
    private const string TextFile = "a readable text file in UTF-8";

    private static readonly SearchValues<char> NotInKeys = SearchValues.Create("{}[]\n#");

    private static readonly SearchValues<char> ControlCharacters = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Select(code => (char)code).Where(c => c is not ('\t' or '\n')), '\x7F']);

    /// <summary>Parses a file.</summary>
    public static HoconBlock File(string path)
    {
        try
        {
            using var stream = System.IO.File.OpenRead(path);
            return Parse(Decode(Read(stream, path), path), path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unreadable(path, "no such file");
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unreadable(path, Directory.Exists(path) ? "is a folder"
                : exception is UnauthorizedAccessException ? $"user {Environment.UserName} may not read it"
                : "cannot be read");
        }
    }

    /// <summary>Parses the text of a file.</summary>
    public static HoconBlock Parse(string text, string source)
    {
        var lines = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        RefuseControlCharacters(lines, index => new SourcePosition(
            source, lines.AsSpan(0, index).Count('\n') + 1, index - lines.LastIndexOf('\n', index)));
        return string.IsNullOrWhiteSpace(lines)
            ? throw Unreadable(source, "the file is empty", "settings in a block involute { … }")
            : HoconParser.ParseFile(lines, source);
    }

    /// <summary>Parses what stands behind <c>--set</c>.</summary>
    public static HoconBlock Argument(string argument)
    {
        var source = $"--set {argument}";
        var sign = argument.IndexOf('=', StringComparison.Ordinal);
        if (sign < 1 || argument.AsSpan(0, sign).ContainsAny(NotInKeys))
        {
            throw new ConfigurationException(
                SourcePosition.Of(source), "", "not of the form KEY=VALUE", "for instance --set involute.sigma=0.1");
        }

        RefuseControlCharacters(argument, _ => SourcePosition.Of(source));
        return HoconParser.ParseArgument(argument, source);
    }

    /// <summary>What <c>--plugin</c> stands for.</summary>
    public static HoconBlock Plugin(string folder) => Parse(
        $"involute {{ plugin {{ folder = {HoconText.Quoted(Path.GetFullPath(folder))} }} }}", $"{PluginSource}{folder}");

    /// <summary>Whether that has said so.</summary>
    public static bool IsPlugin(SourcePosition place) =>
        place.Source.StartsWith(PluginSource, StringComparison.Ordinal);

    /// <summary>A folder with a problem of the way before components, as the task.</summary>
    public static HoconBlock PluginTask(string folder, string source) => Parse(
        $"involute {{ task {{ name = plugin, folder = {HoconText.Quoted(folder)} }}, optimizer = none }}", source);

    private static byte[] Read(Stream stream, string source)
    {
        // By reading, not by asking for the length, which a pipe does not have.
        var bytes = new byte[MaximumBytes + 1];
        var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return count <= MaximumBytes
            ? bytes[..count]
            : throw Unreadable(source, "the file is too large", $"at most {HoconText.Of(MaximumBytes)} bytes");
    }

    private static string Decode(byte[] bytes, string source)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Unreadable(source, "the file is not text in UTF-8");
        }
    }

    private static void RefuseControlCharacters(string text, Func<int, SourcePosition> place)
    {
        var index = text.AsSpan().IndexOfAny(ControlCharacters);
        if (index >= 0)
        {
            throw new ConfigurationException(
                place(index), "", $"unexpected control character {Excerpt.Quote(text[index].ToString())}",
                "text without control characters");
        }
    }

    private static ConfigurationException Unreadable(string source, string problem, string allowed = TextFile) =>
        new(SourcePosition.Of(source), "", problem, allowed);
}
