using System.Text;

namespace Involute.Tasks.Components;

/// <summary>Names of C# as keys of the configuration.</summary>
internal static class KebabCase
{
    /// <summary><c>SignLossDiff</c> becomes <c>sign-loss-diff</c>, <c>Beta1</c> becomes <c>beta1</c>.</summary>
    public static string Of(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
