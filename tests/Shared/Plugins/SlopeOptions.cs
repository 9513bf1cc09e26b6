using System.Globalization;
using Involute.Tasks.Components;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Unrolls;

namespace Involute.Tests.Plugins;

/// <summary>The base of these tests' components: a loss theta² with options of every type.</summary>
/// <remarks>Without <see cref="ComponentAttribute"/> and without a public constructor, so that it is not a component
/// itself.</remarks>
public record SlopeOptions : InnerProblemOptions
{
    protected SlopeOptions()
    {
    }

    public enum Shade
    {
        Light,
        VeryDark,
    }

    [Option("Theta at the start.", Least = -10, Most = 10)]
    public double Start { get; init; } = 1;

    [Option("A whole number.", Least = 1, Most = 5)]
    public int Whole { get; init; } = 2;

    [Option("A limit.", AboveLeast = true, Least = 0)]
    public double? Limit { get; init; }

    [Option("A word.")]
    public Shade Colour { get; init; } = Shade.VeryDark;

    [Option("A flag.")]
    public bool Flag { get; init; }

    [Option("A text.")]
    public string Text { get; init; } = "a \"b\" = {c}";

    [Option("A list.", Least = 1, MostItems = 3)]
    public IReadOnlyList<int> Items { get; init; } = [4, 5];

    public override IEnumerable<OptionProblem> Check()
    {
        if (Flag && Limit is null)
        {
            yield return new OptionProblem("limit", "a flag needs a limit", "a number");
        }
    }

    public override IInnerProblem<float> Create() =>
        SlopePlugin.Problem((float)Start);
}

/// <summary>Bases of components that are each wrong in one way.</summary>
public static class FaultyOptions
{
    public record Unsupported : SlopeOptions
    {
        protected Unsupported()
        {
        }

        [Option("A day.")]
        public DateTime Day { get; init; }
    }

    public record WithoutSetter : SlopeOptions
    {
        protected WithoutSetter()
        {
        }

        [Option("Fixed.")]
        public int Fixed { get; } = 3;
    }

    public record KeyTwice : SlopeOptions
    {
        protected KeyTwice()
        {
        }

        [Option("Another start.", Key = "start")]
        public double Beginning { get; init; }
    }

    public record KeyOfTheName : SlopeOptions
    {
        protected KeyOfTheName()
        {
        }

        [Option("A title.", Key = "name")]
        public string Heading { get; init; } = "";
    }

    public record KeyThatIsNone : SlopeOptions
    {
        protected KeyThatIsNone()
        {
        }

        [Option("Two words.", Key = "two words")]
        public int TwoWords { get; init; }
    }

    public record NullText : SlopeOptions
    {
        protected NullText()
        {
        }

        [Option("A text.")]
        public string? Missing { get; init; }
    }

    public record NoWord : SlopeOptions
    {
        protected NoWord()
        {
        }

        [Option("A word.")]
        public Shade Other { get; init; } = (Shade)7;
    }

    public record OutOfRange : SlopeOptions
    {
        protected OutOfRange()
        {
        }

        [Option("A size.", Least = 1, Most = 9)]
        public int Size { get; init; }
    }

    public record ThrowingConstructor : SlopeOptions
    {
        protected ThrowingConstructor() => throw new InvalidOperationException("on\npurpose");
    }

    public record ThrowingSetter : SlopeOptions
    {
        protected ThrowingSetter()
        {
        }

        [Option("A size.")]
        public int Size
        {
            get => Whole;
            init => throw new InvalidOperationException("on\npurpose");
        }
    }

    public record ThrowingCheck : SlopeOptions
    {
        protected ThrowingCheck()
        {
        }

        public override IEnumerable<OptionProblem> Check() => throw new InvalidOperationException("on\npurpose");
    }

    public record ThrowingCreate : SlopeOptions
    {
        protected ThrowingCreate()
        {
        }

        public override IInnerProblem<float> Create() => throw new InvalidOperationException("on\npurpose");
    }

    public record ThrowingLength : SlopeOptions
    {
        protected ThrowingLength()
        {
        }

        public override IInnerProblem<float> Create() => SlopePlugin.Problem(float.NegativeInfinity);
    }

    public record ThrowingUnroll : SlopeOptions
    {
        protected ThrowingUnroll()
        {
        }

        public override IInnerProblem<float> Create() => SlopePlugin.Problem(float.NaN);
    }

    public record NullCreate : SlopeOptions
    {
        protected NullCreate()
        {
        }

        public override IInnerProblem<float> Create() => null!;
    }

    public record WithoutData : SlopeOptions
    {
        protected WithoutData()
        {
        }

        public override IInnerProblem<float> Create() => throw new InvalidDataException("no data");
    }

    public record DrawsFromNoKey : SlopeOptions
    {
        protected DrawsFromNoKey()
        {
        }

        public override IInnerProblem<float> Create() => SlopePlugin.Unrepeatable();
    }

    public record ReadsItsOwnFile : SlopeOptions
    {
        protected ReadsItsOwnFile()
        {
        }

        public override IInnerProblem<float> Create() =>
            SlopePlugin.Problem(float.Parse(File.ReadAllText(Path.Combine(OwnFolder, "start.txt")), CultureInfo.InvariantCulture));
    }
}
