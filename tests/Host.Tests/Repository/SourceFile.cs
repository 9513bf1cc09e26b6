using System.Text.RegularExpressions;

namespace Involute.Host.Tests.Repository;

/// <summary>What a C# file declares and uses, as far as its text says.</summary>
/// <param name="name">Its path in messages.</param>
/// <param name="folder">Its folder within the project, with slashes; "." for the project's own.</param>
/// <param name="text">Its text.</param>
internal sealed partial class SourceFile(string name, string folder, string text)
{
    private readonly string _code = NoCode().Replace(text, " ");

    public string Name => name;

    public string Folder => folder;

    /// <summary>Its namespace; empty if it has none.</summary>
    public string Namespace => NamespaceLine().Match(_code).Groups[1].Value;

    /// <summary>Types that it declares, without those inside others.</summary>
    public IEnumerable<string> Types => TypeLine().Matches(_code).Select(match => match.Groups[1].Value);

    /// <summary>What its using lines name: namespaces, or types.</summary>
    public IEnumerable<string> Usings => UsingLine().Matches(_code).Select(match => match.Groups[1].Value);

    /// <summary>Words that may name a type: those without a dot before them.</summary>
    public IReadOnlySet<string> Words { get; } =
        Word().Matches(NoCode().Replace(text, " ")).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

    // Comments and literals. A type that is named only inside an interpolation is not seen.
    [GeneratedRegex("""
        //[^\n]*|/\*[\s\S]*?\*/|\$*"{3}[\s\S]*?"{3}|\$?@\$?"(?:[^"]|"")*"|\$?"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'
        """, RegexOptions.ExplicitCapture)]
    private static partial Regex NoCode();

    [GeneratedRegex(@"^namespace\s+([\w.]+)\s*[;{]", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(
        @"^(?:(?:public|internal|file|abstract|sealed|static|partial|readonly|ref|unsafe) )*(?:class|record struct|record|struct|interface|enum|delegate \S+) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^(?:global )?using (?:static )?(?:\w+ = )?([\w.]+)(?:<[^;]*)?;", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*")]
    private static partial Regex Word();
}
