namespace Involute.Runs.Configuration;

/// <summary>Reads a key: words, or text in quotes, with dots between them.</summary>
/// <remarks>Akka's deployment paths are words too: <c>/router</c>, <c>/parent/*</c>.</remarks>
internal sealed class HoconKeys(HoconCursor cursor, HoconStrings strings)
{
    // Every message and every nested key repeats the path, so its length must have a limit.
    private const int LongestPart = 256;
    private const string LongestAllowed = "at most 256 characters between dots";

    /// <summary>Reads the parts of a key.</summary>
    /// <param name="outer">Path of the block that the key stands in, for messages.</param>
    /// <param name="limit">Most parts.</param>
    public IReadOnlyList<string> Path(string outer, int limit)
    {
        var parts = new List<string>();
        do
        {
            if (parts.Count == limit)
            {
                throw HoconErrors.TooDeep(cursor.Position, outer);
            }

            var position = cursor.Position;
            var part = Part(outer);
            if (part.Length > LongestPart)
            {
                throw new ConfigurationException(
                    position, outer, $"the key {Excerpt.Quote(part)} is too long", LongestAllowed);
            }

            parts.Add(part);
        }
        while (cursor.TryTake('.'));

        return parts;
    }

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || c is '-' or '_' or '/' or '*';

    private string Part(string outer)
    {
        if (cursor.Current == '"')
        {
            return strings.Quoted(outer);
        }

        var start = cursor.Index;
        while (IsPart(cursor.Current) && !cursor.AtComment)
        {
            cursor.Take();
        }

        if (cursor.Index == start)
        {
            var found = cursor.AtEnd ? "the end" : Excerpt.Quote(cursor.Current.ToString());
            throw new ConfigurationException(
                cursor.Position, outer, $"unexpected {found} where a key should be", "KEY = VALUE or KEY { … }");
        }

        return cursor.Since(start);
    }
}
