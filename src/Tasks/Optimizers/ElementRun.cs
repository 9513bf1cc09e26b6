namespace Involute.Tasks.Optimizers;

/// <summary>
/// Walks over the elements of a tensor in runs: pieces in which the index of the average without X moves by one from an
/// element to the next, and that without Y does so too or, where nothing lies behind Y, stands still.
/// </summary>
internal struct ElementRun
{
    private readonly Factoring _shape;
    private int _a;
    private int _x;
    private int _b;
    private int _y;
    private int _c;

    /// <summary>Starts at an element, counted row-major.</summary>
    public ElementRun(in Factoring shape, int element)
    {
        _shape = shape;
        (element, _c) = Math.DivRem(element, shape.C);
        (element, _y) = Math.DivRem(element, shape.Y);
        (element, _b) = Math.DivRem(element, shape.B);
        (_a, _x) = Math.DivRem(element, shape.X);
    }

    /// <summary>Elements from here to the end of the run.</summary>
    public readonly int Length => _shape.C == 1 ? _shape.Y - _y : _shape.C - _c;

    /// <summary>Index of the average over Y that the first element belongs to.</summary>
    public readonly int WithoutY => ((((_a * _shape.X) + _x) * _shape.B) + _b) * _shape.C + _c;

    /// <summary>Index of the average over X that the first element belongs to.</summary>
    public readonly int WithoutX => ((((_a * _shape.B) + _b) * _shape.Y) + _y) * _shape.C + _c;

    /// <summary>Goes to the next run.</summary>
    public void Advance()
    {
        _c = 0;
        if (_shape.C > 1 && ++_y < _shape.Y)
        {
            return;
        }

        _y = 0;
        if (++_b < _shape.B)
        {
            return;
        }

        _b = 0;
        if (++_x == _shape.X)
        {
            _x = 0;
            _a++;
        }
    }
}
