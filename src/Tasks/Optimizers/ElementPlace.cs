namespace Involute.Tasks.Optimizers;

/// <summary>Walks over the elements of a tensor in order and knows the row and the column of each.</summary>
internal struct ElementPlace
{
    private readonly Factoring _shape;
    private int _ax;
    private int _b;
    private int _y;
    private int _c;

    /// <summary>Starts at an element, counted row-major.</summary>
    public ElementPlace(in Factoring shape, int element)
    {
        _shape = shape;
        (element, _c) = Math.DivRem(element, shape.C);
        (element, _y) = Math.DivRem(element, shape.Y);
        (_ax, _b) = Math.DivRem(element, shape.B);
    }

    /// <summary>Index of the row average that the element belongs to.</summary>
    public readonly int Row => _shape.LaterIsLargest ? WithoutY : WithoutX;

    /// <summary>Index of the column average that the element belongs to.</summary>
    public readonly int Column => _shape.LaterIsLargest ? WithoutX : WithoutY;

    private readonly int WithoutY => (((_ax * _shape.B) + _b) * _shape.C) + _c;

    private readonly int WithoutX => (((((_ax / _shape.X) * _shape.B) + _b) * _shape.Y) + _y) * _shape.C + _c;

    /// <summary>Goes to the next element.</summary>
    public void Advance()
    {
        if (++_c < _shape.C)
        {
            return;
        }

        _c = 0;
        if (++_y < _shape.Y)
        {
            return;
        }

        _y = 0;
        if (++_b == _shape.B)
        {
            _b = 0;
            _ax++;
        }
    }
}
