import { Form, Radio, Space, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import './users.css';

const roles = ['admin', 'analyst', 'app'] as const;

/** A role, with what it may do. */
export function RoleField({ locked }: { locked: boolean }) {
  const { t } = useTranslation('users');
  const { t: common } = useTranslation();
  return (
    <Form.Item name="role" required label={t('role')} extra={locked ? t('lastAdmin') : undefined}>
      <Radio.Group disabled={locked}>
        <Space orientation="vertical">
          {roles.map((role) => (
            <Radio key={role} value={role} className="role-choice">
              <span>{common(`roles.${role}`)}</span>
              <Typography.Text type="secondary">{t(`roleText.${role}`)}</Typography.Text>
            </Radio>
          ))}
        </Space>
      </Radio.Group>
    </Form.Item>
  );
}
