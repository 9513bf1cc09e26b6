using Involute.Tasks.Components;

namespace Involute.Torch.Text;

/// <summary>Options of both kinds of <see cref="RecurrentLm"/>.</summary>
public abstract record RecurrentOptions : LanguageOptions
{
    /// <summary>Units of the recurrent layer.</summary>
    [Option("Units of the recurrent layer.", Least = 1, Most = 4096)]
    public int Units { get; init; } = 64;
}
