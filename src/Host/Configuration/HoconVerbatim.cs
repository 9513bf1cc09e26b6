namespace Involute.Hosting.Configuration;

/// <summary>Moves over a block or list that another parser is going to read, and checks that it is closed.</summary>
/// <remarks>Akka's own parser never returns from an unclosed list, so it must not see one.</remarks>
internal static class HoconVerbatim
{
    /// <summary>Moves the cursor from an opening bracket to behind its closing one.</summary>
    public static void Skip(HoconCursor cursor, string key)
    {
        var open = new Stack<(char End, SourcePosition Position)>();
        var strings = new HoconStrings(cursor);
        do
        {
            if (cursor.AtEnd)
            {
                throw NotClosed(open.Peek(), key);
            }

            if (cursor.AtComment)
            {
                cursor.SkipLine();
                continue;
            }

            switch (cursor.Current)
            {
                case '{' or '[':
                    if (open.Count == HoconParser.MaximumDepth)
                    {
                        throw HoconErrors.TooDeep(cursor.Position, key);
                    }

                    open.Push((cursor.Current == '{' ? '}' : ']', cursor.Position));
                    cursor.Take();
                    break;
                case '}' or ']':
                    if (cursor.Current != open.Peek().End)
                    {
                        throw NotClosed(open.Peek(), key);
                    }

                    open.Pop();
                    cursor.Take();
                    break;
                case '"':
                    strings.Quoted(key);
                    break;
                default:
                    cursor.Take();
                    break;
            }
        }
        while (open.Count > 0);
    }

    private static ConfigurationException NotClosed((char End, SourcePosition Position) open, string key) =>
        HoconErrors.NotClosed(open.Position, key, open.End == '}' ? "block" : "list", $"'{open.End}'");
}
