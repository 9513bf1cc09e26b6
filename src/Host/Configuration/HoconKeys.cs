namespace Involute.Hosting.Configuration;

/// <summary>Reads a key: words, or text in quotes, with dots between them.</summary>
internal sealed class HoconKeys(HoconCursor cursor, HoconStrings strings)
{
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

            parts.Add(Part(outer));
        }
        while (cursor.TryTake('.'));

        return parts;
    }

    private string Part(string outer)
    {
        if (cursor.Current == '"')
        {
            return strings.Quoted(outer);
        }

        var start = cursor.Index;
        while (char.IsLetterOrDigit(cursor.Current) || cursor.Current is '-' or '_')
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
