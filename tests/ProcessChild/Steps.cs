using System.Globalization;
using Involute.Tasks.Problems;
using Involute.Tasks.Unrolls;

namespace Involute.ProcessChild;

/// <summary>Step functions by their names, as <c>lorenz</c>, <c>drift:STATE:THETA:DIVERGING</c> or <c>nothing:STATE:THETA</c>.</summary>
public static class Steps
{
    public static IStepFunction<float> Of(string text)
    {
        var parts = text.Split(':');
        int Number(int i, int otherwise) => parts.Length > i ? int.Parse(parts[i], CultureInfo.InvariantCulture) : otherwise;
        return parts[0] switch
        {
            "lorenz" => new Lorenz<float>(spread: 0.1),
            "drift" => new Drift(Number(1, 5), Number(2, 3), Number(3, 0)),
            "wanders" => new Wanders(each: true),
            "differs" => new Wanders(each: false),
            "nothing" => new Nothing(Number(1, 2), Number(2, 2)),
            _ => throw new ArgumentException($"no step {text}"),
        };
    }
}
