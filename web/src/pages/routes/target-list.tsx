import { closestCenter, DndContext, KeyboardSensor, PointerSensor, useSensor, useSensors, type Announcements, type DragEndEvent, type UniqueIdentifier } from '@dnd-kit/core';
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { PlusOutlined } from '@ant-design/icons';
import { Button, Form, type FormListFieldData, type FormListOperation } from 'antd';
import { useTranslation } from 'react-i18next';
import { TargetRow } from './target-row';
import { MAX_TARGETS, nameOf, sharesOf, type DraftTarget } from './targets';

/** The targets of a route in the form: added, removed, and moved by drag, by keys or by buttons. */
export function TargetList() {
  const { t } = useTranslation('routes');
  return (
    <fieldset className="form-group">
      <legend>{t('edit.targets')}</legend>
      <p className="quiet">{t('edit.targetsHelp')}</p>
      <Form.List name="targets">
        {(fields, operations, { errors }) => (
          <>
            <Sortable fields={fields} operations={operations} />
            <Form.ErrorList errors={errors} />
            <Button icon={<PlusOutlined aria-hidden />} disabled={fields.length >= MAX_TARGETS} onClick={() => operations.add({ weight: null })}>
              {t('edit.addTarget')}
            </Button>
            {fields.length >= MAX_TARGETS ? <span className="quiet"> {t('edit.atMost', { count: MAX_TARGETS })}</span> : null}
          </>
        )}
      </Form.List>
    </fieldset>
  );
}

function Sortable({ fields, operations }: { fields: FormListFieldData[]; operations: FormListOperation }) {
  const form = Form.useFormInstance();
  const drafts = (Form.useWatch('targets', form) as (DraftTarget | undefined)[] | undefined) ?? [];
  const shares = sharesOf(drafts.map((draft) => draft ?? {}));
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const ids = fields.map(({ key }) => key + 1);
  const placeOf = (id: UniqueIdentifier | undefined) => ids.indexOf(Number(id));
  const move = ({ active, over }: DragEndEvent) => {
    if (over && active.id !== over.id) operations.move(placeOf(active.id), placeOf(over.id));
  };
  const accessibility = useDragWords(placeOf, (place) => nameOf(drafts[place]), ids.length);
  return (
    <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={move} accessibility={accessibility}>
      <SortableContext items={ids} strategy={verticalListSortingStrategy}>
        <ol className="targets">
          {fields.map(({ key, name }) => (
            <TargetRow
              key={key}
              id={key + 1}
              place={name}
              count={fields.length}
              drafts={drafts}
              share={shares[name] ?? 0}
              onMove={(to) => operations.move(name, to)}
              onRemove={() => operations.remove(name)}
            />
          ))}
        </ol>
      </SortableContext>
    </DndContext>
  );
}

/** What a screen reader is told while a target is moved. */
function useDragWords(placeOf: (id: UniqueIdentifier | undefined) => number, name: (place: number) => string, count: number) {
  const { t } = useTranslation('routes');
  const words = (id: UniqueIdentifier, over: UniqueIdentifier | undefined = id) => ({
    target: name(placeOf(id)) || t('edit.empty'),
    place: placeOf(over) + 1,
    count,
  });
  const announcements: Announcements = {
    onDragStart: ({ active }) => t('drag.start', words(active.id)),
    onDragOver: ({ active, over }) => t('drag.over', words(active.id, over?.id)),
    onDragEnd: ({ active, over }) => t('drag.end', words(active.id, over?.id)),
    onDragCancel: ({ active }) => t('drag.cancel', words(active.id)),
  };
  return { announcements, screenReaderInstructions: { draggable: t('drag.instructions') } };
}
